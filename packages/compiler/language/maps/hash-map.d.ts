import type { i32, Layout, New, u32, u64, Value } from "@weir/bytecode/layout";
import type { MayStop } from "../loops.js";
import type { Timer, TimerClock } from "../timers.js";
import type { Stored } from "./stored.js";

/** `BPF_MAP_TYPE_HASH` (Linux 3.19), `_LRU_HASH` (4.10), `_PERCPU_HASH` (4.6), `_LRU_PERCPU_HASH` (4.10). */
export interface HashMap<K, V, S = V> {
  /** The value at `key`, or null. A write through it changes the map. */
  lookup(key: K): S | null;
  /** Sets the value; 0, or a negative error number. */
  update(key: K, value: V, mode?: UpdateMode): i32;
  /** Removes the entry; 0, or a negative error number. */
  delete(key: K): i32;
  /**
   * Calls a function for each entry, in no order, until it gives `true`; the number of calls (`bpf_for_each_map_elem`, Linux 5.13). Of a
   * per-CPU map it is given this CPU's values. It may change the value and variables around, and delete the entry; not the key.
   *
   * @example
   * ```ts
   * import { be32, bytes, struct, type u32, u64 } from "@weir/bytecode/layout";
   * import { hashMap, monotonicTime, XDP_PASS, xdp } from "@weir/compiler/language";
   *
   * const Ipv4Frame = struct({ beforeSource: bytes(26), source: be32 });
   * export const SEEN = hashMap({ key: be32, value: struct({ at: u64 }), maxEntries: 1024 });
   *
   * export const forget_old = xdp((packet) => {
   *   const now = monotonicTime();
   *   const frame = packet.at(Ipv4Frame, 0);
   *   if (frame === null || SEEN.update(frame.source, { at: now }) === 0) return XDP_PASS;
   *   // It is full: room for the next one.
   *   SEEN.each((source, seen) => {
   *     if (now - seen.at > 60_000_000_000) SEEN.delete(source);
   *   });
   *   return XDP_PASS;
   * });
   * ```
   */
  each(body: (key: K, value: S) => MayStop): u32;
  /**
   * Makes the timer in a value ready: 0, or a negative error number: -16 (`EBUSY`) when it has been before. See `startTimer`
   * (`bpf_timer_init`, Linux 5.15).
   */
  initTimer(timer: Timer, clock?: TimerClock): i32;
  /** Says what is called when the timer fires: 0, or a negative error number (`bpf_timer_set_callback`, Linux 5.15). */
  onTimer(timer: Timer, body: (key: K, value: S) => void): i32;
}

/** `BPF_MAP_TYPE_PERCPU_HASH` (Linux 4.6), `BPF_MAP_TYPE_LRU_PERCPU_HASH` (4.10). */
export interface PerCpuHashMap<K, V, S = V> extends HashMap<K, V, S> {
  /**
   * The value at `key` as CPU number `cpu` has it, or null when there is no such key or CPU (`bpf_map_lookup_percpu_elem`,
   * Linux 5.19). That CPU may change it at the same time: read it, or change it with `atomicAdd` there and here.
   */
  lookupOn(key: K, cpu: u32): S | null;
}

export type UpdateMode = u64 & { readonly __updateMode?: never };
export declare const BPF_ANY: UpdateMode;
export declare const BPF_NOEXIST: UpdateMode;
export declare const BPF_EXIST: UpdateMode;

interface HashOptions<K extends Layout, V extends Layout> {
  readonly key: K;
  readonly value: V;
  readonly maxEntries: number;
}

/**
 * Values by key, shared by all CPUs; `update` of a new key fails with -7 (`E2BIG`) when the map is full
 * (`BPF_MAP_TYPE_HASH`, Linux 3.19).
 *
 * @example
 * ```ts
 * import { be32, bytes, struct, u64 } from "@weir/bytecode/layout";
 * import { atomicAdd, hashMap, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Ipv4Frame = struct({ beforeSource: bytes(26), source: be32 });
 * export const BLOCKED = hashMap({ key: be32, value: struct({ packets: u64 }), maxEntries: 1024 });
 *
 * export const drop_blocked = xdp((packet) => {
 *   const frame = packet.at(Ipv4Frame, 0);
 *   if (frame === null) return XDP_PASS;
 *   const blocked = BLOCKED.lookup(frame.source);
 *   if (blocked === null) return XDP_PASS;
 *   atomicAdd(blocked, "packets", 1);
 *   return XDP_DROP;
 * });
 * ```
 */
export declare function hashMap<K extends Layout, V extends Layout>(
  options: HashOptions<K, V>,
): HashMap<Value<K>, New<V>, Stored<V>>;

/**
 * As `hashMap`, and when it is full the kernel removes what was used least recently (`BPF_MAP_TYPE_LRU_HASH`, Linux 4.10).
 *
 * @example
 * ```ts
 * import { be32, bytes, struct, u64 } from "@weir/bytecode/layout";
 * import { jiffies, lruHashMap, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Ipv4Frame = struct({ beforeSource: bytes(26), source: be32 });
 * const Seen = struct({ at: u64 });
 * export const SEEN = lruHashMap({ key: be32, value: Seen, maxEntries: 1024 });
 *
 * export const remember = xdp((packet) => {
 *   const frame = packet.at(Ipv4Frame, 0);
 *   if (frame !== null) SEEN.update(frame.source, { at: jiffies() });
 *   return XDP_PASS;
 * });
 * ```
 */
export declare function lruHashMap<K extends Layout, V extends Layout>(
  options: HashOptions<K, V>,
): HashMap<Value<K>, New<V>, Stored<V>>;

/**
 * As `hashMap`, with a value for every CPU, so that `+=` loses nothing (`BPF_MAP_TYPE_PERCPU_HASH`, Linux 4.6).
 *
 * @example
 * ```ts
 * import { struct, u32, u64 } from "@weir/bytecode/layout";
 * import { BPF_NOEXIST, perCpuHashMap, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const LENGTHS = perCpuHashMap({ key: u32, value: struct({ packets: u64 }), maxEntries: 2048 });
 *
 * export const count_lengths = xdp((packet) => {
 *   const known = LENGTHS.lookup(packet.length);
 *   if (known === null) LENGTHS.update(packet.length, { packets: 1 }, BPF_NOEXIST);
 *   else known.packets += 1;
 *   return XDP_PASS;
 * });
 * ```
 */
export declare function perCpuHashMap<K extends Layout, V extends Layout>(
  options: HashOptions<K, V>,
): PerCpuHashMap<Value<K>, New<V>, Stored<V>>;

/**
 * As `perCpuHashMap`, and when it is full the kernel removes what was used least recently (`BPF_MAP_TYPE_LRU_PERCPU_HASH`,
 * Linux 4.10).
 *
 * @example
 * ```ts
 * import { struct, u32, u64 } from "@weir/bytecode/layout";
 * import { lruPerCpuHashMap, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const LENGTHS = lruPerCpuHashMap({ key: u32, value: struct({ packets: u64 }), maxEntries: 64 });
 *
 * export const count_recent_lengths = xdp((packet) => {
 *   const known = LENGTHS.lookup(packet.length);
 *   if (known === null) LENGTHS.update(packet.length, { packets: 1 });
 *   else known.packets += 1;
 *   return XDP_PASS;
 * });
 * ```
 */
export declare function lruPerCpuHashMap<K extends Layout, V extends Layout>(
  options: HashOptions<K, V>,
): PerCpuHashMap<Value<K>, New<V>, Stored<V>>;
