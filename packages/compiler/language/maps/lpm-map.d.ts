import type { i32, Layout, u32, Value } from "@weir/bytecode/layout";
import type { UpdateMode } from "./hash-map.js";
import type { Stored } from "./stored.js";

/** `BPF_MAP_TYPE_LPM_TRIE` (Linux 4.11). */
export interface LpmMap<K, V, S = V> {
  /** The value of the longest prefix that the key begins with, or null. A write through it changes the map. */
  lookup(key: K): S | null;
  /** Sets the value of a prefix, the first `prefixLength` bits of the key; 0, or a negative error number. */
  update(key: K, prefixLength: u32, value: V, mode?: UpdateMode): i32;
  /** Removes a prefix; 0, or a negative error number. */
  delete(key: K, prefixLength: u32): i32;
}

interface LpmOptions<K extends Layout, V extends Layout> {
  /** What prefixes are taken of, in network byte order: `be32`, `bytes(16)`, or a record of such. */
  readonly key: K;
  readonly value: V;
  readonly maxEntries: number;
}

/**
 * Values by prefix: of several that fit, the longest counts (`BPF_MAP_TYPE_LPM_TRIE`, Linux 4.11). In user space a key is a record
 * `{ prefixLength: u32, bits: … }`. A look-up costs 15 to 125 ns, the more the more prefixes there are.
 *
 * @example
 * ```ts
 * import { be32, bytes, struct, u64 } from "@weir/bytecode/layout";
 * import { atomicAdd, lpmMap, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Ipv4Frame = struct({ beforeSource: bytes(26), source: be32 });
 * export const BLOCKED = lpmMap({ key: be32, value: u64, maxEntries: 10_000 });
 *
 * export const drop_blocked = xdp((packet) => {
 *   const frame = packet.at(Ipv4Frame, 0);
 *   if (frame === null) return XDP_PASS;
 *   const blocked = BLOCKED.lookup(frame.source);
 *   if (blocked === null) return XDP_PASS;
 *   atomicAdd(blocked, "value", 1);
 *   return XDP_DROP;
 * });
 * ```
 */
export declare function lpmMap<K extends Layout, V extends Layout>(
  options: LpmOptions<K, V>,
): LpmMap<Value<K>, Value<V>, Stored<V>>;
