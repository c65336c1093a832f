import type { ValueWidth } from "../ir/operation.ts";
import type { Value } from "../ir/value.ts";
import { constantOf, swapBytes } from "./constant.ts";
import { possibleBits } from "./possible-bits.ts";
import type { ValueMaker } from "./value-maker.ts";

export function foldZeroExtend(value: Value, maker: ValueMaker): Value | undefined {
  const constant = constantOf(value);
  if (constant !== undefined) return maker.constant(64, constant);
  if (value.operation.kind !== "truncate") return undefined;
  const [wide] = value.operands;
  return wide !== undefined && possibleBits(wide.current) <= 0xffff_ffffn ? wide.current : undefined;
}

export function foldTruncate(value: Value, maker: ValueMaker): Value | undefined {
  const constant = constantOf(value);
  if (constant !== undefined) return maker.constant(32, constant);
  const { operation, operands } = value;
  if (operation.kind === "zero-extend") return operands[0]?.current;
  if (operation.kind === "sign-extend" && operands[0] !== undefined) {
    if (operation.from === 32) return operands[0].current;
    return maker.pure(32, operation, [operands[0].current]);
  }
  return undefined;
}

export function foldSignExtend(
  from: 8 | 16 | 32,
  width: ValueWidth,
  value: Value,
  maker: ValueMaker,
): Value | undefined {
  const constant = constantOf(value);
  if (constant !== undefined) return maker.constant(width, BigInt.asIntN(from, constant));
  // The sign bit is never set, nor are the bits above.
  if (possibleBits(value) >> BigInt(from - 1) !== 0n) return undefined;
  return width === 32 ? value : maker.pure(64, { kind: "zero-extend" }, [value]);
}

export function foldByteSwap(bits: 16 | 32 | 64, value: Value, maker: ValueMaker): Value | undefined {
  const width = bits === 64 ? 64 : 32;
  const constant = constantOf(value);
  if (constant !== undefined) return maker.constant(width, swapBytes(bits, constant));
  const { operation, operands } = value;
  if (operation.kind !== "byte-swap" || operation.bits !== bits || operands[0] === undefined) return undefined;
  if (bits !== 16) return operands[0].current;
  return maker.pure(32, { kind: "binary", operator: "and" }, [operands[0].current, maker.constant(32, 0xffffn)]);
}
