import type { Value } from "@weir/codegen";
import type { ScalarType } from "../types/kernel-type.ts";
import type { FunctionLowering } from "./function-lowering.ts";

/** In a register a narrow scalar has its sign, or zeros, above; so widening within 32 bits is nothing to do. */
export function convertValue(value: Value, from: ScalarType, to: ScalarType, { builder }: FunctionLowering): Value {
  if (to.bits === 64) {
    if (from.bits === 64) return value;
    return from.signed ? builder.signExtend(value, 32, 64) : builder.zeroExtend(value, 32, 64);
  }
  const low = from.bits === 64 ? builder.truncate(value, 32) : value;
  if (to.bits === 32) return low;
  const holds = from.bits < to.bits ? to.signed || !from.signed : from.bits === to.bits && from.signed === to.signed;
  if (holds) return low;
  return to.signed ? builder.signExtend(low, to.bits, 32) : builder.zeroExtend(low, to.bits, 32);
}
