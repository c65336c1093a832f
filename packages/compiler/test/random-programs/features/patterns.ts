import type { Feature, StatementMaker } from "../feature.ts";

/** Some fields of a record as variables. */
const destructure: StatementMaker = (scope, generator) => {
  const { values, random } = generator;
  const whole = values.choose(scope.records);
  if (whole === undefined) return undefined;
  const parts: string[] = [];
  const mutable = random.chance(40);
  let inner = scope;
  for (const { name: field, of } of whole.record.fields) {
    if (!random.chance(60)) continue;
    const name = generator.name("d");
    if (of.kind === "scalar") {
      parts.push(`${field}: ${name}`);
      inner = inner.withVariable({ name, type: of.type, mutable });
    } else if (of.kind === "record") {
      const nested = values.choose(of.record.fields.filter(({ of: kind }) => kind.kind === "scalar"));
      if (nested?.of.kind !== "scalar") continue;
      parts.push(`${field}: { ${nested.name}: ${name} }`);
      inner = inner.withVariable({ name, type: nested.of.type, mutable });
    } else if (!mutable) {
      parts.push(`${field}: ${name}`);
      inner = inner.withArray({ name, element: of.element, length: of.length, lies: whole.lies });
    }
  }
  if (parts.length === 0) return undefined;
  return { text: `${mutable ? "let" : "const"} { ${parts.join(", ")} } = ${whole.name};`, scope: inner };
};

/** A new record that differs from another one in a field. */
const spread: StatementMaker = (scope, generator) => {
  const whole = generator.values.choose(scope.records);
  const field = whole && generator.values.choose(whole.record.fields.filter(({ of }) => of.kind === "scalar"));
  if (whole === undefined || field?.of.kind !== "scalar" || whole.record.name === "Bytes") return undefined;
  const name = generator.name("r");
  const value = generator.values.scalar(field.of.type, scope, 2);
  const text = `const ${name}: Value<typeof ${whole.record.name}> = { ...${whole.name}, ${field.name}: ${value} };`;
  return { text, scope: scope.withRecord({ name, record: whole.record, lies: "made" }) };
};

/** Records taken apart, and put together. */
export const patterns: Feature = {
  statements: [
    [1, destructure],
    [1, spread],
  ],
};
