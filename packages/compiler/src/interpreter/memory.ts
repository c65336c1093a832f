import type { Layout } from "@weir/bytecode/layout";
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

/** Copies what a record or an array holds; what lies between is not part of it. */
export function copyScalars(layout: Layout, from: Reference, to: Reference): void {
  const part = (inner: Layout, offset: number) =>
    copyScalars(inner, { ...from, offset: from.offset + offset }, { ...to, offset: to.offset + offset });
  switch (layout.kind) {
    case "struct":
      for (const field of layout.fields) part(field.layout, field.offset);
      return;
    case "array":
      for (let index = 0; index < layout.length; index++) part(layout.element, index * layout.element.size);
      return;
    case "bytes":
    case "scalar":
      to.memory.set(from.memory.slice(from.offset, from.offset + layout.size), to.offset);
  }
}

function checkInside(memory: Uint8Array, offset: number, size: number): void {
  if (offset < 0 || offset + size > memory.length) {
    throw new RangeError(`${size} bytes at ${offset} of ${memory.length}`);
  }
}
