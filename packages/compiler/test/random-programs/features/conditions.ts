import type { Feature } from "../feature.ts";
import { compared } from "../values.ts";

/** `&&`, `||`, `!`, booleans, numbers as conditions, and a choice between two conditions. */
export const conditions: Feature = {
  words: ["likely", "unlikely"],
  conditions: [
    [
      1,
      (scope, depth, { values }) => `(${values.condition(scope, depth - 1)} && ${values.condition(scope, depth - 1)})`,
    ],
    [
      1,
      (scope, depth, { values }) => `(${values.condition(scope, depth - 1)} || ${values.condition(scope, depth - 1)})`,
    ],
    [
      1,
      (scope, depth, { values, random }) =>
        `${random.pick(["likely", "unlikely"])}(${values.condition(scope, depth - 1)})`,
    ],
    [1, (scope, depth, { values }) => `!(${values.condition(scope, depth - 1)})`],
    [1, (scope, _depth, { values }) => values.choose(scope.variables.filter(({ type }) => type === "boolean"))?.name],
    [
      1,
      (scope, depth, { values, random }) => {
        const boolean = values.choose(scope.variables.filter(({ type }) => type === "boolean"));
        return boolean && `(${boolean.name} ${random.pick(["===", "!=="])} ${values.condition(scope, depth - 1)})`;
      },
    ],
    [
      1,
      (scope, depth, { values }) =>
        `(${values.condition(scope, depth - 1)} ? ${values.condition(scope, depth - 1)} : ${values.condition(scope, depth - 1)})`,
    ],
    // A narrow value against numbers that it can and cannot have.
    [
      1,
      (scope, _depth, { values, random }) => {
        const narrow = values.place(
          scope,
          (type) => type === "u8" || type === "u16" || type === "i8" || type === "i16",
        );
        if (narrow === undefined) return undefined;
        const operator = random.pick(["===", "!==", "<", "<=", ">", ">="]);
        return `(${narrow.text} ${operator} ${compared(String(random.below(127)), narrow.type)})`;
      },
    ],
  ],
};
