import type { Condition } from "../ir/condition.ts";
import type { Comparison } from "../ir/operation.ts";
import type { Value } from "../ir/value.ts";
import { withoutExtension } from "./bitwise.ts";
import { constantOf, evaluateComparison, swapBytes } from "./constant.ts";
import { isNeverNull } from "./never-null.ts";
import { possibleBits } from "./possible-bits.ts";
import type { ValueMaker } from "./value-maker.ts";

const MIRRORED: Readonly<Record<Comparison, Comparison>> = {
  eq: "eq",
  ne: "ne",
  ult: "ugt",
  ule: "uge",
  ugt: "ult",
  uge: "ule",
  slt: "sgt",
  sle: "sge",
  sgt: "slt",
  sge: "sle",
  set: "set",
};
const UNSIGNED: Partial<Record<Comparison, Comparison>> = { slt: "ult", sle: "ule", sgt: "ugt", sge: "uge" };

/** A condition whose arms change places when it is `inverted`. */
export interface FoldedCondition {
  readonly condition: Condition;
  readonly inverted: boolean;
}

/** The condition in its simplest form, or its answer. */
export function foldBranch(condition: Condition, maker: ValueMaker): FoldedCondition | boolean {
  let current: Condition = { ...condition, left: condition.left.current, right: condition.right.current };
  for (;;) {
    const next = step(current, maker);
    if (next === undefined) break;
    if (typeof next === "boolean") return next;
    current = next;
  }
  // There is a jump if some bits of a mask are set, but none if they are all clear.
  const { comparison, width, left, right } = current;
  const [base, mask] = left.operands.map((operand) => operand.current);
  const isMask = left.operation.kind === "binary" && left.operation.operator === "and" && constantOf(right) === 0n;
  if (!isMask || base === undefined || mask === undefined || (comparison !== "eq" && comparison !== "ne")) {
    return { condition: current, inverted: false };
  }
  return { condition: { comparison: "set", width, left: base, right: mask }, inverted: comparison === "eq" };
}

function step(condition: Condition, maker: ValueMaker): Condition | boolean | undefined {
  const { comparison, width, left, right } = condition;
  const leftConstant = constantOf(left);
  const rightConstant = constantOf(right);
  if (leftConstant !== undefined && rightConstant !== undefined) {
    return evaluateComparison(comparison, width, leftConstant, rightConstant);
  }
  if (leftConstant !== undefined) return { comparison: MIRRORED[comparison], width, left: right, right: left };
  if (rightConstant === 0n && (comparison === "eq" || comparison === "ne") && isNeverNull(left))
    return comparison === "ne";
  if (left === right && comparison !== "set") return evaluateComparison(comparison, width, 0n, 0n);
  const narrow = narrowed(condition, maker);
  if (narrow !== undefined) return narrow;
  const answer = byPossibleBits(condition);
  if (answer !== undefined) return answer;
  if (comparison === "eq" || comparison === "ne") return equality(condition, maker);
  if (rightConstant === undefined) return undefined;
  // "at least 1" is "not 0": the forms that other folding looks for.
  const zero = maker.constant(width, 0n);
  if (comparison === "ugt" && rightConstant === 0n) return { comparison: "ne", width, left, right: zero };
  if (comparison === "uge" && rightConstant === 1n) return { comparison: "ne", width, left, right: zero };
  if (comparison === "ult" && rightConstant === 1n) return { comparison: "eq", width, left, right: zero };
  if (comparison === "ule" && rightConstant === 0n) return { comparison: "eq", width, left, right: zero };
  return undefined;
}

/** Zero-extended values are compared as the 32-bit values that they are. */
function narrowed({ comparison, width, left, right }: Condition, maker: ValueMaker): Condition | undefined {
  if (width === 32 || isPacketAddress(left) || isPacketAddress(right)) return undefined;
  const narrowLeft = withoutExtension(left, maker);
  const narrowRight = withoutExtension(right, maker);
  if (narrowLeft === undefined || narrowRight === undefined) return undefined;
  return { comparison: UNSIGNED[comparison] ?? comparison, width: 32, left: narrowLeft, right: narrowRight };
}

/** Some fields of the context are loaded as 32 bits, but the kernel makes whole addresses of them. */
function isPacketAddress({ operation, operands }: Value): boolean {
  const load = operation.kind === "zero-extend" ? operands[0]?.current.operation : undefined;
  return load?.kind === "load" && load.packet;
}

function byPossibleBits({ comparison, width, left, right }: Condition): boolean | undefined {
  const bits = possibleBits(left);
  const constant = constantOf(right);
  if (comparison === "set") return (bits & possibleBits(right)) === 0n ? false : undefined;
  if (constant === undefined) return undefined;
  const all = (1n << BigInt(width)) - 1n;
  switch (comparison) {
    case "eq":
      return (constant & ~bits) !== 0n ? false : undefined;
    case "ne":
      return (constant & ~bits) !== 0n ? true : undefined;
    case "ult":
      return constant > bits ? true : constant === 0n ? false : undefined;
    case "ule":
      return constant >= bits || constant === all ? true : undefined;
    case "ugt":
      return constant >= bits || constant === all ? false : undefined;
    case "uge":
      return constant > bits ? false : constant === 0n ? true : undefined;
    default:
      return undefined;
  }
}

function equality({ comparison, width, left, right }: Condition, maker: ValueMaker): Condition | boolean | undefined {
  const [base, second] = left.operands.map((operand) => operand.current);
  if (base === undefined) return undefined;
  const constant = constantOf(right);
  if (left.operation.kind === "byte-swap") {
    // Swapped, only 16 bits are compared: without the swap the bits above must be zeros too.
    const { bits } = left.operation;
    if (constant !== undefined && constant >> BigInt(bits) !== 0n) return comparison === "ne";
    const plain = bits !== 16 || possibleBits(base) <= 0xffffn;
    if (plain && constant !== undefined) {
      return { comparison, width, left: base, right: maker.constant(width, swapBytes(bits, constant)) };
    }
    const other = right.operation;
    const [otherBase] = right.operands;
    if (plain && other.kind === "byte-swap" && other.bits === bits && otherBase !== undefined) {
      if (bits !== 16 || possibleBits(otherBase.current) <= 0xffffn) {
        return { comparison, width, left: base, right: otherBase.current };
      }
    }
    return undefined;
  }
  if (left.operation.kind !== "binary" || second === undefined || constant === undefined) return undefined;
  const { operator } = left.operation;
  const innerConstant = constantOf(second);
  if (operator === "add" && innerConstant !== undefined) {
    return { comparison, width, left: base, right: maker.constant(width, constant - innerConstant) };
  }
  if ((operator === "sub" || operator === "xor") && constant === 0n)
    return { comparison, width, left: base, right: second };
  if (operator === "xor" && innerConstant !== undefined) {
    return { comparison, width, left: base, right: maker.constant(width, constant ^ innerConstant) };
  }
  return undefined;
}
