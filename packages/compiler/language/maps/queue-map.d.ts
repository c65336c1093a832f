import type { i32, Layout, StructLayout, Value } from "@weir/bytecode/layout";
import type { UpdateMode } from "./hash-map.js";

/** `BPF_MAP_TYPE_QUEUE` and `BPF_MAP_TYPE_STACK` (Linux 4.20). */
export interface QueueMap<V> {
  /** Puts a value in; 0, or -7 (`E2BIG`) when it is full, unless `BPF_EXIST` lets the oldest make room. */
  push(value: V, mode?: UpdateMode): i32;
  /** Takes the next value out and writes it over a record; 0, or -2 (`ENOENT`), and zeros, when there is none. */
  pop(into: V): i32;
  /** As `pop`, and leaves the value in. */
  peek(into: V): i32;
}

interface QueueOptions<V extends Layout> {
  readonly value: V;
  readonly maxEntries: number;
}

/**
 * Values that are taken out in the order in which they came (`BPF_MAP_TYPE_QUEUE`, Linux 4.20).
 *
 * @example
 * ```ts
 * import { struct, u64, type Value } from "@weir/bytecode/layout";
 * import { BPF_EXIST, monotonicTime, queueMap, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Arrival = struct({ time: u64 });
 * export const LAST_100 = queueMap({ value: Arrival, maxEntries: 100 });
 *
 * export const limit_rate = xdp(() => {
 *   const now: Value<typeof Arrival> = { time: monotonicTime() };
 *   const oldest: Value<typeof Arrival> = { time: 0 };
 *   LAST_100.peek(oldest);
 *   LAST_100.push(now, BPF_EXIST);
 *   return now.time - oldest.time < 1_000_000 ? XDP_DROP : XDP_PASS;
 * });
 * ```
 */
export declare function queueMap<V extends StructLayout>(options: QueueOptions<V>): QueueMap<Value<V>>;

/** As `queueMap`; the last that came is the first to be taken out (`BPF_MAP_TYPE_STACK`, Linux 4.20). */
export declare function stackMap<V extends StructLayout>(options: QueueOptions<V>): QueueMap<Value<V>>;
