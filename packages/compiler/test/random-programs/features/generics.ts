import type { ExpressionMaker, Feature, StatementMaker } from "../feature.ts";

/** A generic function, with numbers of the type that is wanted. */
const choice: ExpressionMaker = (type, scope, depth, { values }) =>
  `pick<${type}>(${values.wide(type, scope, depth - 1)}, ${values.wide(type, scope, depth - 1)}, ${values.condition(scope, depth - 1)})`;

/** A function that changes variables around it, given to another one. */
const visit: StatementMaker = (scope, generator) => {
  const { random } = generator;
  if (scope.loops.length > 0 || scope.depth > 2) return undefined;
  const [value, index] = [generator.name("x"), generator.name("x")];
  const inner = scope
    .inBlock()
    .withVariable({ name: value, type: "u32", mutable: false }, { name: index, type: "u32", mutable: false });
  // What is around the function cannot be left from inside it.
  const statement = generator.assignment(inner);
  return `repeat(${1 + random.below(3)}, (${value}, ${index}) => {\n${statement}\n});`;
};

/** Functions that are resolved where they are called. */
export const generics: Feature = {
  functions: () => [
    "function pick<T extends u64 | i64>(a: T, b: T, first: boolean): T {\nif (first) return a;\nreturn b;\n}",
    "function repeat(times: u32, visit: (value: u32, index: u32) => void): void {\nfor (let i: u32 = 0; i < times; i++) visit(i * 3, i);\n}",
  ],
  expressions: [[1, choice]],
  statements: [[1, visit]],
};
