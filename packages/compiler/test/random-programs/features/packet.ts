import type { Feature, StatementMaker } from "../feature.ts";
import type { Generator } from "../generator.ts";
import type { Scope } from "../scope.ts";

function offsetText(scope: Scope, { random, values }: Generator): string {
  if (random.chance(40)) return String(random.below(60));
  return `${values.below(random.pick([16, 64]), scope, 1)} + ${random.below(20)}`;
}

const access: StatementMaker = (scope, generator) => {
  const { random, values } = generator;
  if (!scope.frame.packet) return undefined;
  const record = values.choose(generator.packetRecords);
  if (record === undefined) return undefined;
  const at = () => `packet.at(${record.name}, ${offsetText(scope, generator)})`;
  const finder = values.choose(generator.finders.filter((candidate) => candidate.record === record));
  const value =
    finder !== undefined && random.chance(30)
      ? finder.call(offsetText(scope, generator))
      : random.chance(15)
        ? `${values.condition(scope, 1)} ? ${at()} : ${random.pick(["null", at()])}`
        : at();
  return generator.checked(value, record, "packet", scope);
};

/** Headers one behind the other: the offset grows in a loop. */
const chain: StatementMaker = (scope, generator) => {
  const { random, values } = generator;
  const record = values.choose(generator.packetRecords);
  if (!scope.frame.packet || record === undefined || scope.loops.length > 0) return undefined;
  const [offset, turn, header] = [generator.name("o"), generator.name("index"), generator.name("m")];
  const inner = scope
    .inLoop()
    .inBlock()
    .withVariable({ name: offset, type: "u32", mutable: false }, { name: turn, type: "u32", mutable: false })
    .withRecord({ name: header, record, lies: "packet" });
  const step = random.chance(50) ? String(1 + random.below(9)) : `(${values.wide("u32", inner, 1)} & 7)`;
  const text = [
    `let ${offset}: u32 = ${random.below(30)};`,
    `for (let ${turn}: u32 = 0; ${turn} < ${2 + random.below(3)}; ${turn}++) {`,
    `const ${header} = packet.at(${record.name}, ${offset});`,
    `if (${header} === null) break;`,
    generator.list(inner, 2),
    `${offset} += ${step};`,
    "}",
  ].join("\n");
  return { text, scope: scope.withVariable({ name: offset, type: "u32", mutable: false }) };
};

/** Headers at constant offsets, without any of which the program ends in the same way: one check will do for all. */
const run: StatementMaker = (scope, generator) => {
  const { random, values } = generator;
  const { frame, loops } = scope;
  if (!frame.packet || !frame.isProgram || loops.length > 0) return undefined;
  const verdict = random.below(4);
  const lines: string[] = [];
  let inner = scope;
  for (let count = 2 + random.below(2); count > 0; count--) {
    const record = values.choose(generator.packetRecords);
    if (record === undefined) return undefined;
    const name = generator.name("m");
    lines.push(
      `const ${name} = packet.at(${record.name}, ${random.below(60)});`,
      `if (${name} === null) return ${verdict};`,
    );
    inner = inner.withRecord({ name, record, lies: "packet" });
  }
  return { text: lines.join("\n"), scope: inner };
};

/** The packet's bytes, at offsets that are constant, vary, and grow. */
export const packet: Feature = {
  statements: [
    [3, access],
    [1, chain],
    [1, run],
  ],
  expressions: [
    [
      1,
      (type, scope, _depth, { random }) =>
        scope.frame.packet
          ? `(packet.${random.pick(["length", "totalLength", "receiveQueue"])} as ${type})`
          : undefined,
    ],
  ],
};
