import { type ExpressionMaker, type Feature, WIDES } from "../feature.ts";

const arithmetic: ExpressionMaker = (type, scope, depth, { random, values }) => {
  const operator = random.pick(["+", "-", "*", "&", "|", "^"]);
  const [left, right] = [values.wide(type, scope, depth - 1), values.operand(type, scope, depth - 1)];
  // Also with the literal on the left.
  return random.chance(10) ? `(${values.literal(type)} ${operator} ${left})` : `(${left} ${operator} ${right})`;
};

const shift: ExpressionMaker = (type, scope, depth, { random, values }) => {
  const width = type.endsWith("32") ? 32 : 64;
  // The plus, since TypeScript takes `a << ((b > (c` for the beginning of a call with type arguments.
  const amount = random.chance(60)
    ? String(random.below(width))
    : `+(${values.wide(random.pick(["u32", "u64"]), scope, depth - 1)} & ${random.pick([31, 63, 127])})`;
  const operator = random.pick(type.startsWith("u") ? ["<<", ">>", ">>>"] : ["<<", ">>"]);
  // Negative numbers have another shift to the right.
  const sign = type.startsWith("i") && random.chance(40) ? "-" : "";
  return `(${sign}${values.wide(type, scope, depth - 1)} ${operator} ${amount})`;
};

const division: ExpressionMaker = (type, scope, depth, { random, values }) => {
  const literal = values.literal(type);
  const right = literal === "0" || random.chance(50) ? `${values.wide(type, scope, depth - 1)} + 0` : literal;
  return `(${values.wide(type, scope, depth - 1)} ${random.pick(["/", "%"])} (${right}))`;
};

/** Division, remainder and product by powers of two, masks of runs of ones: what has instructions of its own. */
const special: ExpressionMaker = (type, scope, depth, { random, values }) => {
  const bits = type.endsWith("32") ? 32 : 64;
  const power = 1n << BigInt(random.below(bits - 1));
  const word = random.pick([
    { operator: "*", value: power },
    { operator: "&", value: power - 1n },
    { operator: type.startsWith("u") ? "/" : "*", value: power },
    { operator: type.startsWith("u") ? "%" : "&", value: power },
    { operator: "+", value: power },
  ]);
  const literal = word.value > 2n ** 52n ? `${type}.of(${word.value}n)` : String(word.value);
  return `(${values.wide(type, scope, depth - 1)} ${word.operator} ${literal})`;
};

/** Integers of all widths and signs. */
export const numbers: Feature = {
  expressions: [
    [3, arithmetic],
    [1, shift],
    [1, division],
    [1, special],
    [
      1,
      (type, scope, depth, { random, values }) =>
        `(${random.pick(["-", "~", "+"])}${values.wide(type, scope, depth - 1)})`,
    ],
    [
      1,
      (type, scope, depth, { values }) =>
        `(${values.condition(scope, depth - 1)} ? ${values.wide(type, scope, depth - 1)} : ${values.wide(type, scope, depth - 1)})`,
    ],
    [1, (type, scope, depth, { values }) => `(${values.anyInteger(scope, depth - 1)} as ${type})`],
    // Cut off, then widened again.
    [
      1,
      (type, scope, depth, { random, values }) =>
        `((${values.wide(random.pick(WIDES), scope, depth - 1)} as ${random.pick(["u8", "u16", "i8", "i16", "u32", "i32"])}) as ${type})`,
    ],
    // From one narrow type to another.
    [
      1,
      (type, scope, _depth, { random, values }) => {
        const narrow = values.place(scope, (candidate) => /^[ui](8|16)$/.test(candidate));
        return narrow && `((${narrow.text} as ${random.pick(["u8", "u16", "i8", "i16"])}) as ${type})`;
      },
    ],
    [1, (type, _scope, _depth, { values }) => `(${values.literal(type)} as ${type})`],
  ],
};
