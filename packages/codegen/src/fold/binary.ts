import { type BinaryOperator, COMMUTATIVE, type ValueWidth } from "../ir/operation.ts";
import type { Value } from "../ir/value.ts";
import { foldBitwise } from "./bitwise.ts";
import { constantOf, evaluateBinary } from "./constant.ts";
import { foldShift } from "./shift.ts";
import type { ValueMaker } from "./value-maker.ts";

/** What `left operator right` is more simply, or undefined. */
export function foldBinary(
  operator: BinaryOperator,
  width: ValueWidth,
  left: Value,
  right: Value,
  maker: ValueMaker,
): Value | undefined {
  const leftConstant = constantOf(left);
  const rightConstant = constantOf(right);
  const binary = (of: BinaryOperator, a: Value, b: Value): Value =>
    maker.pure(width, { kind: "binary", operator: of }, [a, b]);
  if (leftConstant !== undefined && rightConstant !== undefined) {
    return maker.constant(width, evaluateBinary(operator, width, leftConstant, rightConstant));
  }
  if (COMMUTATIVE.has(operator)) {
    // Constants to the right, where instructions have their immediate; else by age, so that equal values look equal.
    if (leftConstant !== undefined || (rightConstant === undefined && left.id > right.id)) {
      return binary(operator, right, left);
    }
  }
  switch (operator) {
    case "add":
      return foldAdd(width, left, rightConstant, maker);
    case "sub":
      if (left === right) return maker.constant(width, 0n);
      return rightConstant === undefined ? undefined : binary("add", left, maker.constant(width, -rightConstant));
    case "mul":
      if (rightConstant === 0n) return right;
      if (rightConstant === 1n) return left;
      if (rightConstant === undefined || !isPowerOfTwo(rightConstant)) return undefined;
      return binary("shl", left, maker.constant(width, exponent(rightConstant)));
    case "div":
      if (rightConstant === 0n) return right;
      if (rightConstant === 1n) return left;
      if (rightConstant === undefined || !isPowerOfTwo(rightConstant)) return undefined;
      return binary("shr", left, maker.constant(width, exponent(rightConstant)));
    case "mod":
      if (rightConstant === 0n) return left;
      if (rightConstant === undefined || !isPowerOfTwo(rightConstant)) return undefined;
      return binary("and", left, maker.constant(width, rightConstant - 1n));
    case "and":
    case "or":
    case "xor":
      return foldBitwise(operator, width, left, right, maker);
    default:
      return foldShift(operator, width, left, right, maker);
  }
}

function foldAdd(width: ValueWidth, left: Value, constant: bigint | undefined, maker: ValueMaker): Value | undefined {
  if (constant === undefined) return undefined;
  if (constant === 0n) return left;
  const inner = left.operation;
  if (inner.kind !== "binary" || inner.operator !== "add") return undefined;
  const [base, added] = left.operands.map((operand) => operand.current);
  const innerConstant = constantOf(added);
  if (base === undefined || innerConstant === undefined) return undefined;
  // (base + c) + d: only constants meet, so a packet pointer stays the one value that was checked.
  return maker.pure(width, { kind: "binary", operator: "add" }, [
    base,
    maker.constant(width, innerConstant + constant),
  ]);
}

function isPowerOfTwo(value: bigint): boolean {
  return value > 0n && (value & (value - 1n)) === 0n;
}

function exponent(powerOfTwo: bigint): bigint {
  return BigInt(powerOfTwo.toString(2).length - 1);
}
