/**
 * Adds to a 32-bit or 64-bit field of a record, or element of an array (`atomicAdd(histogram.buckets, index, 1)`), in a map or a global
 * variable at once for all CPUs (`BPF_ATOMIC | BPF_ADD`). The value before is the result; where it is used the addition needs Linux 5.12.
 *
 * @example
 * ```ts
 * import { struct, u64 } from "@weir/bytecode/layout";
 * import { arrayMap, atomicAdd, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const TOTAL = arrayMap({ value: struct({ packets: u64 }), maxEntries: 1 });
 *
 * export const drop_every_tenth = xdp(() => {
 *   const total = TOTAL.lookup(0);
 *   if (total === null) return XDP_PASS;
 *   return atomicAdd(total, "packets", 1) % 10 === 9 ? XDP_DROP : XDP_PASS;
 * });
 * ```
 */
export declare function atomicAdd<R extends object, K extends keyof R>(record: R, field: K, amount: R[K]): R[K];

/** As `atomicAdd`, with `&` (`BPF_ATOMIC | BPF_AND`, Linux 5.12). */
export declare function atomicAnd<R extends object, K extends keyof R>(record: R, field: K, bits: R[K]): R[K];

/**
 * As `atomicAdd`, with `|` (`BPF_ATOMIC | BPF_OR`, Linux 5.12).
 *
 * @example
 * ```ts
 * import { struct, u64 } from "@weir/bytecode/layout";
 * import { arrayMap, atomicOr, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const SEEN = arrayMap({ value: struct({ queues: u64 }), maxEntries: 1 });
 *
 * export const note_queues = xdp((packet) => {
 *   const seen = SEEN.lookup(0);
 *   if (seen !== null) atomicOr(seen, "queues", (1 as u64) << (packet.receiveQueue & 63));
 *   return XDP_PASS;
 * });
 * ```
 */
export declare function atomicOr<R extends object, K extends keyof R>(record: R, field: K, bits: R[K]): R[K];

/** As `atomicAdd`, with `^` (`BPF_ATOMIC | BPF_XOR`, Linux 5.12). */
export declare function atomicXor<R extends object, K extends keyof R>(record: R, field: K, bits: R[K]): R[K];

/**
 * Writes a 32-bit or 64-bit field of a record in a map and gives what was there before, at once for all CPUs
 * (`BPF_ATOMIC | BPF_XCHG`, Linux 5.12).
 *
 * @example
 * ```ts
 * import { struct, u64 } from "@weir/bytecode/layout";
 * import { arrayMap, atomicExchange, jiffies, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const LATEST = arrayMap({ value: struct({ time: u64 }), maxEntries: 1 });
 *
 * export const one_per_tick = xdp(() => {
 *   const latest = LATEST.lookup(0);
 *   if (latest === null) return XDP_PASS;
 *   const now = jiffies();
 *   return atomicExchange(latest, "time", now) === now ? XDP_DROP : XDP_PASS;
 * });
 * ```
 */
export declare function atomicExchange<R extends object, K extends keyof R>(record: R, field: K, value: R[K]): R[K];

/**
 * Writes a 32-bit or 64-bit field of a record in a map if it holds what is expected, and gives what was there before: it was
 * written when that is `expected` (`BPF_ATOMIC | BPF_CMPXCHG`, Linux 5.12).
 *
 * @example
 * ```ts
 * import { struct, u32, u64 } from "@weir/bytecode/layout";
 * import { arrayMap, atomicCompareExchange, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const OWNER = arrayMap({ value: struct({ queue: u32, packets: u64 }), maxEntries: 1 });
 *
 * export const first_queue_wins = xdp((packet) => {
 *   const owner = OWNER.lookup(0);
 *   if (owner === null) return XDP_PASS;
 *   const mine = packet.receiveQueue + 1;
 *   const before = atomicCompareExchange(owner, "queue", 0, mine);
 *   return before === 0 || before === mine ? XDP_PASS : XDP_DROP;
 * });
 * ```
 */
export declare function atomicCompareExchange<R extends object, K extends keyof R>(
  record: R,
  field: K,
  expected: R[K],
  value: R[K],
): R[K];
