import type { ScalarType } from "../types/kernel-type.ts";
import type { Reference } from "./runtime-value.ts";

/** Reads a scalar, little-endian: what is in network order stays as it lies. */
export function readScalar({ memory, offset }: Reference, { bits, signed }: ScalarType): bigint {
  checkInside(memory, offset, bits / 8);
  let value = 0n;
  for (let index = bits / 8 - 1; index >= 0; index--) value = (value << 8n) | BigInt(memory[offset + index] ?? 0);
  return signed ? BigInt.asIntN(bits, value) : value;
}

export function writeScalar({ memory, offset }: Reference, { bits }: ScalarType, value: bigint): void {
  checkInside(memory, offset, bits / 8);
  let rest = BigInt.asUintN(bits, value);
  for (let index = 0; index < bits / 8; index++, rest >>= 8n) memory[offset + index] = Number(rest & 0xffn);
}

function checkInside(memory: Uint8Array, offset: number, size: number): void {
  if (offset < 0 || offset + size > memory.length) {
    throw new RangeError(`${size} bytes at ${offset} of ${memory.length}`);
  }
}
