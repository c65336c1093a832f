import type { Feature, StatementMaker } from "../feature.ts";
import type { FieldKind, RandomRecord } from "../records.ts";
import type { ScopeRecord } from "../scope.ts";

const newRecord: StatementMaker = (scope, generator) => {
  const record = generator.values.choose(generator.records.filter(({ name }) => name !== "Bytes"));
  if (record === undefined) return undefined;
  const name = generator.name("r");
  const maker = generator.values.choose(generator.makers.filter((candidate) => candidate.record === record));
  const value =
    maker !== undefined && generator.random.chance(60)
      ? maker.call(generator.values.wide("u32", scope, 2))
      : generator.newRecord(record, scope);
  const text = `const ${name}: Value<typeof ${record.name}> = ${value};`;
  return { text, scope: scope.withRecord({ name, record, lies: "made" }) };
};

/** Another name for a record, or for a record or an array in it. */
const alias: StatementMaker = (scope, generator) => {
  const whole = generator.values.choose(scope.records);
  if (whole === undefined) return undefined;
  const { lies } = whole;
  const part = generator.values.choose(whole.record.fields.filter(({ of }) => of.kind !== "scalar"));
  const name = generator.name("n");
  if (part === undefined || generator.random.chance(20)) {
    const text = `const ${name} = ${whole.name};`;
    return { text, scope: scope.withRecord({ name, record: whole.record, lies }) };
  }
  const text = `const ${name} = ${whole.name}.${part.name};`;
  if (part.of.kind === "record") return { text, scope: scope.withRecord({ name, record: part.of.record, lies }) };
  if (part.of.kind !== "array") return undefined;
  return { text, scope: scope.withArray({ name, element: part.of.element, length: part.of.length, lies }) };
};

/** Whether a record has an address in any case. */
const inMemory = ({ lies }: ScopeRecord): boolean => lies !== "made" && lies !== "anywhere";

/** One of two records, chosen while the program runs. */
const choice: StatementMaker = (scope, generator) => {
  const { values, random } = generator;
  const first = values.choose(scope.records.filter(inMemory));
  // Pointers of two kinds in one register are refused by the verifier.
  const second = first && values.choose(scope.records.filter((other) => alike(first, other)));
  if (first === undefined || second === undefined) return undefined;
  const name = generator.name("n");
  const word = random.chance(50) ? "const" : "let";
  const type = random.chance(50) ? `: Value<typeof ${first.record.name}>` : "";
  const text = `${word} ${name}${type} = ${values.condition(scope, 2)} ? ${first.name} : ${second.name};`;
  return { text, scope: scope.withRecord({ name, record: first.record, lies: first.lies }) };
};

const alike = (a: ScopeRecord, b: ScopeRecord): boolean =>
  inMemory(b) && a.record === b.record && (a.lies === "packet") === (b.lies === "packet") && a.lies === b.lies;

/** What a record or an array in a record becomes as a whole: what is in another one, or something new. */
const copy: StatementMaker = (scope, generator) => {
  const { values, random } = generator;
  const parts = scope.records.flatMap(({ name, record }) =>
    record.fields.flatMap((field) =>
      field.of.kind === "scalar" ? [] : [{ text: `${name}.${field.name}`, of: field.of }],
    ),
  );
  const target = values.choose(parts);
  if (target === undefined) return undefined;
  const { of } = target;
  const like = parts.filter((part) => part.text !== target.text && isAlike(part.of, of)).map(({ text }) => text);
  if (of.kind === "record")
    like.push(...scope.records.filter(({ record }) => record === of.record).map(({ name }) => name));
  const source = random.chance(70) ? values.choose(like) : undefined;
  return { text: `${target.text} = ${source ?? generator.newPart(of, scope)};`, scope };
};

function isAlike(a: FieldKind, b: FieldKind): boolean {
  if (a.kind === "record") return b.kind === "record" && a.record === b.record;
  return a.kind === "array" && b.kind === "array" && a.element === b.element && a.length === b.length;
}

/** Records of a program: made, named again, chosen between, copied. */
export const records: Feature = {
  declare: (generator) => {
    const { random } = generator;
    const inner = generator.record("Inner");
    const nested: readonly RandomRecord[] = [
      inner,
      generator.record("Outer", { inner: [inner], packed: random.chance(30) }),
    ];
    generator.packetRecords.push(
      generator.record("Header", {
        inner: nested,
        arrays: true,
        packed: random.chance(30),
        fields: 2 + random.below(2),
      }),
      generator.record("Trailer", { packed: true }),
    );
    return [];
  },
  statements: [
    [2, newRecord],
    [1, alias],
    [1, choice],
    [2, copy],
  ],
};
