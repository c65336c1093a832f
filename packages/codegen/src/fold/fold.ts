import type { Operation, ValueWidth } from "../ir/operation.ts";
import type { Value } from "../ir/value.ts";
import { foldBinary } from "./binary.ts";
import { foldByteSwap, foldSignExtend, foldTruncate, foldZeroExtend } from "./conversion.ts";
import type { ValueMaker } from "./value-maker.ts";

/** A simpler value that is the same as this operation, or undefined. */
export function fold(
  width: ValueWidth,
  operation: Operation,
  operands: readonly Value[],
  maker: ValueMaker,
): Value | undefined {
  const [first, second] = operands;
  if (first === undefined) return undefined;
  switch (operation.kind) {
    case "binary":
      return second === undefined ? undefined : foldBinary(operation.operator, width, first, second, maker);
    case "zero-extend":
      return foldZeroExtend(first, maker);
    case "truncate":
      return foldTruncate(first, maker);
    case "sign-extend":
      return foldSignExtend(operation.from, width, first, maker);
    case "byte-swap":
      return foldByteSwap(operation.bits, first, maker);
    default:
      return undefined;
  }
}
