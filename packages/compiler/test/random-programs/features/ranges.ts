import type { ConditionMaker, Feature } from "../feature.ts";
import { compared } from "../values.ts";

/** Questions about where one number lies: between bounds, beside them, in one of two ranges, among some. */
const range: ConditionMaker = (scope, _depth, { values, random }) => {
  const number = values.place(scope, (type) => /^[iu](8|16|32|64)$/.test(type));
  if (number === undefined) return undefined;
  const { text, type } = number;
  const least = type.startsWith("i") && random.chance(50) ? -random.below(60) : random.below(40);
  const most = least + random.below(40);
  const bound = (value: number) => compared(String(value), type);
  const between = (from: number, to: number) => `(${text} >= ${bound(from)} && ${text} <= ${to})`;
  return random.pick([
    () => between(least, most),
    () => `!(${between(least, most)})`,
    () => `(${text} < ${bound(least)} || ${text} > ${most})`,
    () => `(${between(least, most)} || ${between(least + 32, most + 32)})`,
    () => `(${between(64 + (most & 15), 80)} || ${between(96 + (most & 15), 112)})`,
    () => `(${text} === ${least} || ${text} === ${least + 1} || ${text} === ${most})`,
    () => `(${text} !== ${most} && ${text} !== ${most + 1})`,
  ])();
};

/** Ranges of numbers, which become one comparison. */
export const ranges: Feature = { conditions: [[2, range]] };
