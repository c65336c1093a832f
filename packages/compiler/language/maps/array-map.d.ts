import type { i32, Layout, u32 } from "@weir/bytecode/layout";
import type { MayStop } from "../loops.js";
import type { Timer, TimerClock } from "../timers.js";
import type { Stored } from "./stored.js";

/** `BPF_MAP_TYPE_ARRAY` (Linux 3.19) and `BPF_MAP_TYPE_PERCPU_ARRAY` (4.6). */
export interface ArrayMap<S> {
  /** The element at `index`, or null when there is none. Inlined by the kernel. */
  lookup(index: u32): S | null;
  /** Calls a function for each element, until it gives `true`; the number of calls. See `HashMap` (Linux 5.13). */
  each(body: (index: u32, value: S) => MayStop): u32;
  /**
   * Makes the timer in a value ready: 0, or a negative error number: -16 (`EBUSY`) when it has been before. See `startTimer`
   * (`bpf_timer_init`, Linux 5.15).
   */
  initTimer(timer: Timer, clock?: TimerClock): i32;
  /** Says what is called when the timer fires: 0, or a negative error number (`bpf_timer_set_callback`, Linux 5.15). */
  onTimer(timer: Timer, body: (index: u32, value: S) => void): i32;
}

/** `BPF_MAP_TYPE_PERCPU_ARRAY` (Linux 4.6). */
export interface PerCpuArrayMap<S> extends ArrayMap<S> {
  /**
   * The element at `index` as CPU number `cpu` has it, or null when there is no such element or CPU; a call, not inlined
   * (`bpf_map_lookup_percpu_elem`, Linux 5.19). That CPU may change it at the same time: read it, or change it with `atomicAdd`
   * there and here.
   */
  lookupOn(index: u32, cpu: u32): S | null;
}

interface ArrayOptions<V extends Layout> {
  readonly value: V;
  readonly maxEntries: number;
  /** User space may map the elements into its memory (`BPF_F_MMAPABLE`, Linux 5.5; not for per-CPU arrays). */
  readonly mmapable?: boolean;
}

/**
 * Elements by number, shared by all CPUs: count in them with `atomicAdd` (`BPF_MAP_TYPE_ARRAY`, Linux 3.19). The name of the
 * constant it is assigned to is the name of the map, in at most 15 characters.
 *
 * @example
 * ```ts
 * import { struct, u64 } from "@weir/bytecode/layout";
 * import { arrayMap, atomicAdd, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const QUEUES = arrayMap({ value: struct({ packets: u64 }), maxEntries: 64 });
 *
 * export const count_by_queue = xdp((packet) => {
 *   const queue = QUEUES.lookup(packet.receiveQueue);
 *   if (queue !== null) atomicAdd(queue, "packets", 1);
 *   return XDP_PASS;
 * });
 * ```
 */
export declare function arrayMap<V extends Layout>(options: ArrayOptions<V>): ArrayMap<Stored<V>>;

/**
 * Elements by number, each with a value for every CPU, so that `+=` loses nothing (`BPF_MAP_TYPE_PERCPU_ARRAY`, Linux 4.6).
 *
 * @example
 * ```ts
 * import { struct, u64 } from "@weir/bytecode/layout";
 * import { perCpuArrayMap, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const TOTAL = perCpuArrayMap({ value: struct({ packets: u64 }), maxEntries: 1 });
 *
 * export const count = xdp(() => {
 *   const total = TOTAL.lookup(0);
 *   if (total !== null) total.packets += 1;
 *   return XDP_PASS;
 * });
 * ```
 */
export declare function perCpuArrayMap<V extends Layout>(options: ArrayOptions<V>): PerCpuArrayMap<Stored<V>>;
