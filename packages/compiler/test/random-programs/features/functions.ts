import type { ExpressionMaker, Feature, StatementMaker } from "../feature.ts";
import { frameOf, type Generator } from "../generator.ts";
import { SCALARS } from "../records.ts";
import { type Named, type Parameter, type RandomFunction, type RecordPlace, Scope } from "../scope.ts";

const RETURNS = ["u32", "u64", "i32", "i64", "boolean", "void", "u8", "i16", "u16", "be16"] as const;

function randomFunction(generator: Generator): RandomFunction {
  const { random } = generator;
  const separate = random.chance(35);
  const parameters: Parameter[] = [];
  if (random.chance(25)) parameters.push({ kind: "packet", name: "packet" });
  for (let count = random.below(2); count > 0; count--)
    parameters.push(recordParameter(generator, separate, parameters.length));
  for (let count = 1 + random.below(2); count > 0; count--) {
    const type: Named = random.chance(15) ? "boolean" : random.pick(SCALARS);
    parameters.push({ kind: "value", name: `a${parameters.length}`, type });
  }
  return { name: generator.name("g"), parameters, returns: random.pick(RETURNS), separate };
}

function recordParameter(
  { random, values, maps, packetRecords, records }: Generator,
  separate: boolean,
  index: number,
): Parameter {
  const name = `record${index}`;
  const ofPacket = values.choose(packetRecords);
  if (ofPacket !== undefined && random.chance(25)) return { kind: "record", name, record: ofPacket, lies: "packet" };
  const record = (random.chance(70) ? values.choose(maps)?.value : values.choose(records)) ?? records[0];
  if (record === undefined) throw new Error("functions are made before records");
  return { kind: "record", name, record, lies: separate || random.chance(40) ? "map" : "anywhere" };
}

const scopeOf = (made: RandomFunction, known: Scope, generator: Generator): Scope => {
  const { parameters, returns, separate } = made;
  const packet = parameters.some(({ kind }) => kind === "packet");
  return new Scope(frameOf({ returns, separate, packet }), {
    variables: [
      ...known.variables,
      ...parameters.flatMap((parameter) =>
        parameter.kind === "value"
          ? [{ name: parameter.name, type: parameter.type, mutable: generator.random.chance(50) }]
          : [],
      ),
    ],
    records: parameters.flatMap((parameter) => (parameter.kind === "record" ? [parameter] : [])),
    functions: generator.functions.slice(),
  });
};

function functionText(made: RandomFunction, body: string): string {
  const { name, parameters, returns, separate } = made;
  const list = parameters
    .map((parameter) => {
      if (parameter.kind === "packet") return "packet: XdpPacket";
      if (parameter.kind === "value") return `${parameter.name}: ${parameter.type}`;
      return `${parameter.name}: Value<typeof ${parameter.record.name}>`;
    })
    .join(", ");
  if (separate) return `const ${name} = subprogram((${list}): ${returns} => {\n${body}\n});`;
  return `function ${name}(${list}): ${returns} {\n${body}\n}`;
}

/** Whether what lies in one place may be given to a parameter for another. */
function passes(lies: RecordPlace, wanted: RecordPlace): boolean {
  if (wanted === "packet" || lies === "packet") return wanted === lies;
  return wanted === "anywhere" || (lies !== "made" && lies !== "anywhere");
}

/** A call with random arguments; undefined where there is no record to give. */
function callText(called: RandomFunction, scope: Scope, depth: number, { values }: Generator): string | undefined {
  const given: string[] = [];
  for (const parameter of called.parameters) {
    if (parameter.kind === "value") {
      const { type } = parameter;
      given.push(type === "boolean" ? values.condition(scope, depth) : values.scalar(type, scope, depth));
      continue;
    }
    if (parameter.kind === "packet") {
      if (!scope.frame.packet) return undefined;
      given.push("packet");
      continue;
    }
    const found = values.choose(
      scope.records.filter(({ record, lies }) => record === parameter.record && passes(lies, parameter.lies)),
    );
    if (found === undefined) return undefined;
    given.push(found.name);
  }
  return `${called.name}(${given.join(", ")})`;
}

const callStatement: StatementMaker = (scope, generator) => {
  const called = generator.values.choose(scope.functions);
  const call = called && callText(called, scope, 2, generator);
  return call && `${call};`;
};

const callExpression: ExpressionMaker = (type, scope, depth, generator) => {
  const called = generator.values.choose(
    scope.functions.filter(({ returns }) => returns !== "void" && returns !== "boolean"),
  );
  const call = called && callText(called, scope, depth - 1, generator);
  if (call === undefined || called?.returns === type) return call;
  return called?.returns === "be16" ? `(ntohs(${call}) as ${type})` : `(${call} as ${type})`;
};

/** Functions that become part of their callers, and functions that are called as such. */
export const functions: Feature = {
  words: ["subprogram", "ntohs"],
  functions: (generator) => {
    const { random, configs } = generator;
    const known = new Scope(frameOf({}), {
      variables: [...configs.map(({ name, type }) => ({ name, type, mutable: false })), ...generator.globals],
    });
    return Array.from({ length: random.below(4) }, () => {
      const made = randomFunction(generator);
      const body = generator.body(scopeOf(made, known, generator), 1 + random.below(3));
      generator.functions.push(made);
      return functionText(made, body);
    });
  },
  statements: [[2, callStatement]],
  expressions: [[2, callExpression]],
  conditions: [
    [
      1,
      (scope, depth, generator) => {
        const called = generator.values.choose(scope.functions.filter(({ returns }) => returns === "boolean"));
        return called && callText(called, scope, depth - 1, generator);
      },
    ],
  ],
};
