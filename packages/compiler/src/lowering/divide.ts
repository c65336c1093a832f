import type { Value } from "@weir/codegen";
import type { ScalarType } from "../types/kernel-type.ts";
import type { FunctionLowering } from "./function-lowering.ts";
import { registerWidth } from "./memory.ts";

/**
 * `/` and `%` of signed integers, by the unsigned instructions, since eBPF has signed ones only since Linux 6.6: of the amounts, with the
 * sign put back. Cuts off towards 0; by 0 it gives 0, and the remainder is the dividend, as the unsigned ones have it.
 */
export function lowerSignedDivision(
  operator: "/" | "%",
  type: ScalarType,
  left: Value,
  right: Value,
  { builder }: FunctionLowering,
): Value {
  const width = registerWidth(type);
  const highest = builder.constant(width, BigInt(width - 1));
  /** All ones where a number is negative, else 0. */
  const signOf = (value: Value) => builder.binary("sar", width, value, highest);
  /** The number, or, where the sign is all ones, its negative. */
  const signed = (value: Value, sign: Value) =>
    builder.binary("sub", width, builder.binary("xor", width, value, sign), sign);
  const [leftSign, rightSign] = [signOf(left), signOf(right)];
  const [dividend, divisor] = [signed(left, leftSign), signed(right, rightSign)];
  if (operator === "%") return signed(builder.binary("mod", width, dividend, divisor), leftSign);
  return signed(builder.binary("div", width, dividend, divisor), builder.binary("xor", width, leftSign, rightSign));
}
