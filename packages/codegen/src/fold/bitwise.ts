import type { ValueWidth } from "../ir/operation.ts";
import type { Value } from "../ir/value.ts";
import { constantOf } from "./constant.ts";
import { possibleBits } from "./possible-bits.ts";
import type { ValueMaker } from "./value-maker.ts";

/** What a bitwise operation is more simply; a constant is on the right. */
export function foldBitwise(
  operator: "and" | "or" | "xor",
  width: ValueWidth,
  left: Value,
  right: Value,
  maker: ValueMaker,
): Value | undefined {
  if (left === right) return operator === "xor" ? maker.constant(width, 0n) : left;
  if (operator === "and" && (possibleBits(left) & possibleBits(right)) === 0n) return maker.constant(width, 0n);
  const narrow = narrowed(operator, width, left, right, maker);
  if (narrow !== undefined) return narrow;
  const constant = constantOf(right);
  if (constant === undefined) return undefined;
  if (operator !== "and") {
    if (constant === 0n) return left;
  } else {
    const bits = possibleBits(left);
    if ((bits & constant) === bits) return left;
    // A mask of the low half is a 32-bit operation, whose immediate holds every mask.
    if (width === 64 && constant <= 0xffff_ffffn) {
      const low = maker.pure(32, { kind: "truncate" }, [left]);
      const masked = maker.pure(32, { kind: "binary", operator }, [low, maker.constant(32, constant)]);
      return maker.pure(64, { kind: "zero-extend" }, [masked]);
    }
  }
  // (x op c) op d, as for a field of a field.
  const inner = left.operation;
  if (inner.kind !== "binary" || inner.operator !== operator) return undefined;
  const [base, second] = left.operands.map((operand) => operand.current);
  const innerConstant = constantOf(second);
  if (base === undefined || innerConstant === undefined) return undefined;
  const both =
    operator === "and"
      ? innerConstant & constant
      : operator === "or"
        ? innerConstant | constant
        : innerConstant ^ constant;
  return maker.pure(width, { kind: "binary", operator }, [base, maker.constant(width, both)]);
}

/** 64-bit operations on zero-extended values are done in 32 bits, where every constant fits an immediate. */
function narrowed(
  operator: "and" | "or" | "xor",
  width: ValueWidth,
  left: Value,
  right: Value,
  maker: ValueMaker,
): Value | undefined {
  if (width === 32) return undefined;
  const narrowLeft = withoutExtension(left, maker);
  const narrowRight = withoutExtension(right, maker);
  if (narrowLeft === undefined || narrowRight === undefined) return undefined;
  return maker.pure(64, { kind: "zero-extend" }, [
    maker.pure(32, { kind: "binary", operator }, [narrowLeft, narrowRight]),
  ]);
}

/** The 32-bit value that a 64-bit one is the extension of. */
export function withoutExtension(value: Value, maker: ValueMaker): Value | undefined {
  if (value.operation.kind === "zero-extend") return value.operands[0]?.current;
  const constant = constantOf(value);
  return constant !== undefined && constant <= 0xffff_ffffn ? maker.constant(32, constant) : undefined;
}
