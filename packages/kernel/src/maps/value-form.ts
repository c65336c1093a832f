import { type Decoded, decode, encode, type Layout } from "@weir/bytecode/layout";
import { possibleCpus } from "../system/cpus.ts";

/** How the values of a map lie in the memory that bpf(2) reads and writes. */
export interface ValueForm<Value> {
  /** What one CPU's value has in the map: bytes. */
  readonly elementSize: number;
  /** What one element has in memory: bytes. */
  readonly size: number;
  decode(view: DataView, offset: number): Value;
  encode(value: Value, view: DataView, offset: number): void;
}

/** One value for all CPUs. */
export function sharedValue<L extends Layout>(layout: L): ValueForm<Decoded<L>> {
  return {
    elementSize: layout.size,
    size: layout.size,
    decode: (view, offset) => decode(layout, view, offset),
    encode: (value, view, offset) => encode(layout, value, view, offset),
  };
}

/** A value for each possible CPU, in order; the kernel rounds each up to 8 bytes. */
export function perCpuValues<L extends Layout>(layout: L): ValueForm<Decoded<L>[]> {
  const stride = Math.ceil(layout.size / 8) * 8;
  const cpus = possibleCpus();
  return {
    elementSize: layout.size,
    size: stride * cpus,
    decode: (view, offset) => Array.from({ length: cpus }, (_, cpu) => decode(layout, view, offset + cpu * stride)),
    encode(values, view, offset) {
      if (values.length !== cpus) {
        throw new RangeError(`a per-CPU value has one part for each of ${cpus} possible CPUs, not ${values.length}`);
      }
      for (const [cpu, value] of values.entries()) encode(layout, value, view, offset + cpu * stride);
    },
  };
}
