import type { Layout, u32, Value } from "@weir/bytecode/layout";

/** `BPF_MAP_TYPE_ARRAY_OF_MAPS` and `BPF_MAP_TYPE_HASH_OF_MAPS` (Linux 4.12). */
export interface MapOfMaps<K, M> {
  /** The map at `key`, or null where user space has put none. */
  lookup(key: K): M | null;
}

interface ArrayOfMapsOptions<M> {
  /** What the maps in it are like: a map that is declared here alone. */
  readonly inner: M;
  readonly maxEntries: number;
}
interface HashOfMapsOptions<K extends Layout, M> extends ArrayOfMapsOptions<M> {
  readonly key: K;
}

/**
 * Maps by number, which user space puts in and exchanges while programs run (`BPF_MAP_TYPE_ARRAY_OF_MAPS`, Linux 4.12): `ArrayOfMaps` of
 * `@weir/kernel`.
 *
 * @example
 * ```ts
 * import { be32, bytes, struct, u8 } from "@weir/bytecode/layout";
 * import { arrayOfMaps, hashMap, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Ipv4Frame = struct({ beforeSource: bytes(26), source: be32 });
 * export const LISTS = arrayOfMaps({ inner: hashMap({ key: be32, value: u8, maxEntries: 1000 }), maxEntries: 2 });
 *
 * export const drop_listed = xdp((packet) => {
 *   const frame = packet.at(Ipv4Frame, 0);
 *   const list = LISTS.lookup(0);
 *   if (frame === null || list === null) return XDP_PASS;
 *   return list.lookup(frame.source) === null ? XDP_PASS : XDP_DROP;
 * });
 * ```
 */
export declare function arrayOfMaps<M>(options: ArrayOfMapsOptions<M>): MapOfMaps<u32, M>;

/** As `arrayOfMaps`, by any key (`BPF_MAP_TYPE_HASH_OF_MAPS`, Linux 4.12). */
export declare function hashOfMaps<K extends Layout, M>(options: HashOfMapsOptions<K, M>): MapOfMaps<Value<K>, M>;
