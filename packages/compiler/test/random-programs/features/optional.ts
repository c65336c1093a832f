import type { ExpressionMaker, Feature } from "../feature.ts";

/** A field of a record that may not be there, and what it is then. */
const coalesce: ExpressionMaker = (type, scope, depth, { random, values, finders }) => {
  const finder = values.choose(finders.filter(({ packet }) => !packet || scope.frame.packet));
  if (finder === undefined) return undefined;
  const field = values.choose(
    finder.record.fields.filter(({ of }) => of.kind === "scalar" && !of.type.startsWith("be")),
  );
  if (field?.of.kind !== "scalar") return undefined;
  const found = finder.call(values.below(8, scope, 1));
  const otherwise = random.chance(50) ? String(random.below(100)) : `(${values.wide("u32", scope, depth - 1)} & 127)`;
  const value = `${found}?.${field.name} ?? ${otherwise}`;
  // A signed field and an unsigned number have no common type.
  return field.of.type.startsWith("i")
    ? `((${found}?.${field.name} ?? ${random.below(100)}) as ${type})`
    : `((${value}) as ${type})`;
};

/** `?.` and `??`. */
export const optional: Feature = {
  expressions: [[1, coalesce]],
  conditions: [
    [
      1,
      (scope, _depth, { random, values, finders }) => {
        const finder = values.choose(finders.filter(({ packet }) => !packet || scope.frame.packet));
        const field =
          finder &&
          values.choose(finder.record.fields.filter(({ of }) => of.kind === "scalar" && !of.type.startsWith("be")));
        if (finder === undefined || field === undefined) return undefined;
        const value = `${finder.call(values.below(8, scope, 1))}?.${field.name}`;
        return random.pick([`(${value} === ${random.below(3)})`, `(${value} !== ${random.below(3)})`, `!!${value}`]);
      },
    ],
  ],
};
