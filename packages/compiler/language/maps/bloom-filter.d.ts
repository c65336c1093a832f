import type { i32, Layout, Value } from "@weir/bytecode/layout";

/** `BPF_MAP_TYPE_BLOOM_FILTER` (Linux 5.16). */
export interface BloomFilter<V> {
  /** Adds a value; 0, or a negative error number. */
  add(value: V): i32;
  /** Whether the value may have been added: false for certain, true perhaps wrongly. Costs 53 ns. */
  mayHave(value: V): boolean;
}

interface BloomOptions<V extends Layout> {
  readonly value: V;
  /** How many values it is made for: with more, it is wrong more often. */
  readonly maxEntries: number;
}

/**
 * A set of values in little memory, which may take a value for one that it has (`BPF_MAP_TYPE_BLOOM_FILTER`, Linux 5.16).
 *
 * @example
 * ```ts
 * import { be32, bytes, struct } from "@weir/bytecode/layout";
 * import { bloomFilter, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Ipv4Frame = struct({ beforeSource: bytes(26), source: be32 });
 * export const KNOWN = bloomFilter({ value: be32, maxEntries: 100_000 });
 *
 * export const drop_strangers = xdp((packet) => {
 *   const frame = packet.at(Ipv4Frame, 0);
 *   return frame !== null && KNOWN.mayHave(frame.source) ? XDP_PASS : XDP_DROP;
 * });
 * ```
 */
export declare function bloomFilter<V extends Layout>(options: BloomOptions<V>): BloomFilter<Value<V>>;
