import type { BinaryOperator, Comparison } from "../ir/operation.ts";
import type { Value } from "../ir/value.ts";

/** The number a value is, when it is a constant: unsigned. */
export function constantOf(value: Value | undefined): bigint | undefined {
  const operation = value?.current.operation;
  return operation?.kind === "constant" ? operation.value : undefined;
}

/** What the instruction computes; operands and result are unsigned numbers of `width` bits. */
export function evaluateBinary(operator: BinaryOperator, width: number, left: bigint, right: bigint): bigint {
  const amount = right & BigInt(width - 1);
  switch (operator) {
    case "add":
      return BigInt.asUintN(width, left + right);
    case "sub":
      return BigInt.asUintN(width, left - right);
    case "mul":
      return BigInt.asUintN(width, left * right);
    case "div":
      return right === 0n ? 0n : left / right;
    case "mod":
      return right === 0n ? left : left % right;
    case "and":
      return left & right;
    case "or":
      return left | right;
    case "xor":
      return left ^ right;
    case "shl":
      return BigInt.asUintN(width, left << amount);
    case "shr":
      return left >> amount;
    case "sar":
      return BigInt.asUintN(width, BigInt.asIntN(width, left) >> amount);
  }
}

export function evaluateComparison(comparison: Comparison, width: number, left: bigint, right: bigint): boolean {
  const signedLeft = BigInt.asIntN(width, left);
  const signedRight = BigInt.asIntN(width, right);
  switch (comparison) {
    case "eq":
      return left === right;
    case "ne":
      return left !== right;
    case "ult":
      return left < right;
    case "ule":
      return left <= right;
    case "ugt":
      return left > right;
    case "uge":
      return left >= right;
    case "slt":
      return signedLeft < signedRight;
    case "sle":
      return signedLeft <= signedRight;
    case "sgt":
      return signedLeft > signedRight;
    case "sge":
      return signedLeft >= signedRight;
    case "set":
      return (left & right) !== 0n;
  }
}

/** The low `bits` bits in the other byte order. */
export function swapBytes(bits: number, value: bigint): bigint {
  let swapped = 0n;
  for (let shift = 0n; shift < BigInt(bits); shift += 8n) swapped = (swapped << 8n) | ((value >> shift) & 0xffn);
  return swapped;
}

/** Whether an instruction can hold the number as its signed 32-bit immediate; 32-bit instructions can hold all. */
export function fitsImmediate(width: number, value: bigint): boolean {
  if (width === 32) return true;
  const signed = BigInt.asIntN(64, value);
  return signed >= -0x8000_0000n && signed <= 0x7fff_ffffn;
}
