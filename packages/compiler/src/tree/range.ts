import { computeInteger } from "../types/arithmetic.ts";
import { maximum, minimum } from "../types/scalar.ts";
import type { Expression } from "./expression.ts";
import type { BinaryNode } from "./operation.ts";

/** The smallest and the largest value that an expression can have. */
export interface Range {
  readonly low: bigint;
  readonly high: bigint;
}

/** What can be said of an expression from itself, without following variables. */
export function rangeOf(node: Expression): Range {
  switch (node.kind) {
    case "literal":
      return { low: node.value, high: node.value };
    case "convert":
      return within(node, rangeOf(node.operand));
    case "conditional":
      return union(rangeOf(node.whenTrue), rangeOf(node.whenFalse));
    case "binary":
      return within(node, binaryRange(node));
    default:
      return typeRange(node);
  }
}

function typeRange({ type }: Expression): Range {
  if (type.kind === "integer" || type.kind === "network") return { low: minimum(type), high: maximum(type) };
  return { low: 0n, high: type.kind === "boolean" ? 1n : maximumOffset };
}

const maximumOffset = (1n << 64n) - 1n;

/** A range that wraps in the node's type says nothing. */
export function within(node: Expression, range: Range): Range {
  const whole = typeRange(node);
  return range.low >= whole.low && range.high <= whole.high ? range : whole;
}

export const union = (a: Range, b: Range): Range => ({
  low: a.low < b.low ? a.low : b.low,
  high: a.high > b.high ? a.high : b.high,
});

function binaryRange(node: BinaryNode): Range {
  return combine(node, rangeOf(node.left), rangeOf(node.right));
}

/** The range of an operator's result, from those of its operands; it may lie outside the type. */
export function combine(node: BinaryNode, left: Range, right: Range): Range {
  const { operator } = node;
  const corners = () => {
    const values = [left.low, left.high].flatMap((a) =>
      [right.low, right.high].map((b) => computeInteger(operator, a, b)),
    );
    return values.map((value) => ({ low: value, high: value })).reduce(union);
  };
  if (operator === "+" || operator === "-" || operator === "*") return corners();
  // A mask without a sign takes the other's away.
  const masks = [left, right].filter(({ low }) => low >= 0n).map(({ high }) => high);
  if (operator === "&" && masks.length > 0) return { low: 0n, high: masks.reduce((a, b) => (a < b ? a : b)) };
  if (left.low < 0n || right.low < 0n) return typeRange(node);
  switch (operator) {
    case "|":
    case "^":
      return { low: 0n, high: allOnes(left.high > right.high ? left.high : right.high) };
    case "/":
      // By 0 it gives 0.
      return right.low === 0n
        ? { low: 0n, high: left.high }
        : { low: left.low / right.high, high: left.high / right.low };
    case "%":
      return { low: 0n, high: right.low > 0n && right.high - 1n < left.high ? right.high - 1n : left.high };
    default: {
      const bits = BigInt(node.type.bits);
      if (right.high >= bits) return operator === "<<" ? typeRange(node) : { low: 0n, high: left.high };
      return corners();
    }
  }
}

/** The smallest number of ones that is not below a value. */
function allOnes(value: bigint): bigint {
  return (1n << BigInt(value.toString(2).length)) - 1n;
}
