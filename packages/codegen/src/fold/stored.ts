import type { Width } from "../ir/operation.ts";
import type { Value } from "../ir/value.ts";
import { constantOf } from "./constant.ts";

/** The value whose low `bits` bits are the same with less work before the store. */
export function narrowStored(bits: Width, value: Value): Value {
  const current = value.current;
  const { operation, operands } = current;
  const [first, second] = operands;
  if (bits === 64 || first === undefined) return current;
  const mask = (1n << BigInt(bits)) - 1n;
  const keepsLowBits =
    operation.kind === "zero-extend" ||
    operation.kind === "truncate" ||
    (operation.kind === "sign-extend" && operation.from >= bits) ||
    (operation.kind === "binary" && operation.operator === "and" && ((constantOf(second) ?? 0n) & mask) === mask);
  return keepsLowBits ? narrowStored(bits, first) : current;
}
