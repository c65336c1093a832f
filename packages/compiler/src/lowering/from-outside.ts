import type { FunctionBuilder, Value } from "@weir/codegen";
import { isScalar, type KernelType } from "../types/kernel-type.ts";

/**
 * A narrow scalar that a global function is given, or gives: what it is by its type the verifier does not know, which looks at such a function for itself, so it is
 * shown. Nobody computes with a boolean.
 */
export function fromOutside(value: Value, type: KernelType, builder: FunctionBuilder): Value {
  if (!isScalar(type)) return value;
  const { bits, signed } = type;
  if (bits === 64 || bits === 32) return value;
  return signed ? builder.signExtend(value, bits, 32) : builder.zeroExtend(value, bits, 32);
}
