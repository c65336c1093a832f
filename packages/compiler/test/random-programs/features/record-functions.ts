import type { Feature } from "../feature.ts";
import { frameOf, type Generator } from "../generator.ts";
import { Scope } from "../scope.ts";

/** A scope with the parameter `a` alone. */
function parameterScope({ configs }: Generator): Scope {
  const known = configs.map(({ name, type }) => ({ name, type, mutable: false }));
  return new Scope(frameOf({}), { variables: [...known, { name: "a", type: "u32", mutable: false }] });
}

/** A function that finds a record in the packet, or null. */
function locator(generator: Generator): string {
  const { random, values, packetRecords, finders } = generator;
  const record = values.choose(packetRecords);
  if (record === undefined) return "";
  const scope = parameterScope(generator);
  const condition = () => values.condition(scope, 2);
  const near = () => `packet.at(${record.name}, ${values.below(32, scope, 2)})`;
  const far = `packet.at(${record.name}, a & 63)`;
  const body = random.pick([
    `if (${condition()}) return null;\nreturn ${near()};`,
    `return ${condition()} ? ${near()} : ${far};`,
    `const found = ${far};\nif (found !== null && ${condition()}) return found;\nreturn ${near()};`,
    `let found: Value<typeof ${record.name}> | null = ${far};\nif (found === null) found = ${near()};\nreturn found;`,
  ]);
  finders.push({ record, call: (argument) => `locate(packet, ${argument})`, packet: true });
  return `function locate(packet: XdpPacket, a: u32): Value<typeof ${record.name}> | null {\n${body}\n}`;
}

/** A function that finds a record in an array, or null. */
function slotFinder(generator: Generator): string {
  const { random, values, maps, finders } = generator;
  const map = values.choose(maps.filter(({ kind }) => kind === "array"));
  if (map === undefined) return "";
  const scope = parameterScope(generator);
  const condition = () => values.condition(scope, 2);
  const type = `Value<typeof ${map.value.name}> | null`;
  const body = random.pick([
    `return ${condition()} ? null : ${map.name}.lookup(a);`,
    `let found: ${type} = ${map.name}.lookup(a & 3);\nif (${condition()}) found = ${map.name}.lookup(a);\nreturn found;`,
    `if (${condition()}) return ${map.name}.lookup(1);\nreturn ${map.name}.lookup(a);`,
  ]);
  finders.push({ record: map.value, call: (argument) => `slot(${argument})` });
  return `function slot(a: u32): ${type} {\n${body}\n}`;
}

/** A function that makes a record. */
function maker(generator: Generator): string {
  const { random, values, records, makers } = generator;
  const record = values.choose(records);
  if (record === undefined) return "";
  const scope = parameterScope(generator);
  const made = () => generator.newRecord(record, scope);
  const type = `Value<typeof ${record.name}>`;
  const body = random.pick([
    `if (${values.condition(scope, 2)}) return ${made()};\nreturn ${made()};`,
    `const made: ${type} = ${made()};\nreturn made;`,
    `return ${made()};`,
  ]);
  makers.push({ record, call: (argument) => `make(${argument})` });
  return `function make(a: u32): ${type} {\n${body}\n}`;
}

/** Functions whose results are records: in the packet, in a map, made by themselves; the first two may be null. */
export const recordFunctions: Feature = {
  functions: (generator) => [locator(generator), slotFinder(generator), maker(generator)],
};
