import type { Value } from "../ir/value.ts";
import { constantOf } from "./constant.ts";

/** Of the signed 16 bits that an instruction has for an offset. */
export const OFFSET_MINIMUM = -0x8000;
export const OFFSET_MAXIMUM = 0x7fff;

/** An address as a base and the constant that an instruction can hold as its signed 16-bit offset. */
export function splitOffset(address: Value, offset: number): { readonly base: Value; readonly offset: number } {
  const { operation, operands } = address;
  const [base, added] = operands;
  if (operation.kind !== "binary" || operation.operator !== "add" || base === undefined)
    return { base: address, offset };
  const constant = constantOf(added);
  if (constant === undefined) return { base: address, offset };
  const sum = BigInt.asIntN(64, constant) + BigInt(offset);
  if (sum < OFFSET_MINIMUM || sum > OFFSET_MAXIMUM) return { base: address, offset };
  return { base: base.current, offset: Number(sum) };
}
