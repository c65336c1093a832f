import type { i32, i64, u32, u64 } from "@weir/bytecode/layout";

/** Numbers one after the other, for `for … of`. */
export interface NumberRange<Number> {
  [Symbol.iterator](): Iterator<Number>;
}

/**
 * The numbers from 0, or from the first argument, up to the last one, which is left out: for `for (const i of range(n))`. Both ends are
 * computed once, before the first turn; the variable is as wide as they are. The verifier follows each turn, so the last must be
 * bounded. Loops need Linux 5.3.
 *
 * @example
 * ```ts
 * import { array, struct, u32 } from "@weir/bytecode/layout";
 * import { arrayMap, range, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Histogram = struct({ buckets: array(u32, 8) });
 * export const LENGTHS = arrayMap({ value: Histogram, maxEntries: 1 });
 *
 * export const count_lengths = xdp((packet) => {
 *   const histogram = LENGTHS.lookup(0);
 *   if (histogram === null) return XDP_PASS;
 *   for (const bucket of range(8)) {
 *     if (packet.length > 64 << bucket) histogram.buckets[bucket] += 1;
 *   }
 *   return XDP_PASS;
 * });
 * ```
 */
export declare function range(to: u32): NumberRange<u32>;
export declare function range(to: u64): NumberRange<u64>;
export declare function range(to: i32): NumberRange<i32>;
export declare function range(to: i64): NumberRange<i64>;
export declare function range(from: u32, to: u32): NumberRange<u32>;
export declare function range(from: u64, to: u64): NumberRange<u64>;
export declare function range(from: i32, to: i32): NumberRange<i32>;
export declare function range(from: i64, to: i64): NumberRange<i64>;

/**
 * Calls a function `count` times, with 0, 1, 2, …, until it gives `true`: the number of calls, or -7 (`E2BIG`) and no call when `count` exceeds
 * 8,388,608 (`bpf_loop`, Linux 5.17). The verifier looks at one call, however many there are: for loops that `for` makes too long for it, or
 * whose end it does not see. Variables around may be read and changed; a record cannot be exchanged for another (WEIR1410).
 *
 * @example
 * ```ts
 * import { struct, type u32, u64, u8 } from "@weir/bytecode/layout";
 * import { arrayMap, loop, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Byte = struct({ value: u8 });
 * export const SUMS = arrayMap({ value: struct({ bytes: u64 }), maxEntries: 1 });
 *
 * export const sum_bytes = xdp((packet) => {
 *   let sum: u32 = 0;
 *   loop(packet.length, (index) => {
 *     const byte = packet.at(Byte, index & 0x7ff);
 *     if (byte === null) return true;
 *     sum += byte.value;
 *     return false;
 *   });
 *   const sums = SUMS.lookup(0);
 *   if (sums !== null) sums.bytes = sum;
 *   return XDP_PASS;
 * });
 * ```
 */
export declare function loop(count: u32, body: (index: u32) => MayStop): i32;

/** What a function gives that is called again and again: `true` when it is enough. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that never stops gives nothing.
export type MayStop = boolean | void;
