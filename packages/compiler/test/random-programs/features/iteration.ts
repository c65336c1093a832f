import type { Feature, StatementMaker } from "../feature.ts";
import type { Generator } from "../generator.ts";
import { mayVary } from "../places.ts";
import type { Scalar } from "../records.ts";
import type { RecordPlace, Scope } from "../scope.ts";

interface Elements {
  readonly text: string;
  readonly element: Scalar | { readonly record: Generator["records"][number] };
  readonly lies: RecordPlace;
}

function arraysIn(scope: Scope): readonly Elements[] {
  const wrap = (element: Scalar | Generator["records"][number]) =>
    typeof element === "string" ? element : { record: element };
  const inRecords = scope.records.flatMap(({ name, record, lies }) =>
    record.fields.flatMap(({ name: field, of }) =>
      of.kind === "array" ? [{ text: `${name}.${field}`, element: wrap(of.element), lies }] : [],
    ),
  );
  const named = scope.arrays.map(({ name, element, lies }) => ({ text: name, element: wrap(element), lies }));
  return [...inRecords, ...named].filter(({ lies }) => mayVary(lies, scope));
}

/** `for … of` over numbers, arrays and tables. */
const iteration: StatementMaker = (scope, generator) => {
  const { random, values, tables } = generator;
  if (!scope.mayLoop) return undefined;
  const name = generator.name("e");
  const label = random.chance(20) ? generator.name("loop") : undefined;
  const prefix = label === undefined ? "" : `${label}: `;
  const mutable = random.chance(30);
  const word = mutable ? "let" : "const";
  const inner = scope.inLoop(label);
  const array = values.choose(arraysIn(scope));
  const table = values.choose(tables);
  switch (random.below(4)) {
    case 0:
      return `${prefix}for (${word} ${name} of range(${1 + random.below(4)})) ${generator.block(inner.withVariable({ name, type: "u32", mutable }))}`;
    case 1: {
      const ends = `${values.below(4, scope, 1)}, ${values.below(4, scope, 1)} + 1`;
      return `${prefix}for (${word} ${name} of range(${ends})) ${generator.block(inner.withVariable({ name, type: "u32", mutable }))}`;
    }
    case 2: {
      if (table === undefined) return undefined;
      const variable = { name, type: table.type, mutable };
      return `${prefix}for (${word} ${name} of ${table.name}) ${generator.block(inner.withVariable(variable))}`;
    }
    default: {
      if (array === undefined) return undefined;
      const { text, element, lies } = array;
      const body =
        typeof element === "string"
          ? inner.withVariable({ name, type: element, mutable })
          : inner.withRecord({ name, record: element.record, lies });
      const declared = typeof element === "string" ? word : "const";
      return `${prefix}for (${declared} ${name} of ${text}) ${generator.block(body)}`;
    }
  }
};

/** `for … of`. */
export const iterations: Feature = { words: ["range"], statements: [[2, iteration]] };
