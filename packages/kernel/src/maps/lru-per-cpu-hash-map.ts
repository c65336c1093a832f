import type { Decoded, Layout } from "@weir/bytecode/layout";
import type { BpfMap } from "./bpf-map.ts";
import { checkMap, type MapLayouts } from "./check-layout.ts";
import { KeyedMap, type MapOwnership } from "./keyed-map.ts";
import { openOwned } from "./open-owned.ts";
import { perCpuValues } from "./value-form.ts";

/**
 * A per-CPU hash table that forgets the entry used longest ago when it is full.
 *
 * @example
 * ```ts
 * using blocked = LruPerCpuHashMap.open("/sys/fs/bpf/blocked", { key: be32, value: struct({ packets: u64 }) });
 * blocked.get(0xc000_0207)?.reduce((sum, part) => sum + part.packets, 0n); // of 192.0.2.7, on all CPUs
 * ```
 * Since Linux 4.10.
 * @see BPF_MAP_TYPE_LRU_PERCPU_HASH
 */
export class LruPerCpuHashMap<Key extends Layout, Value extends Layout> extends KeyedMap<Key, Decoded<Value>[]> {
  private constructor(map: BpfMap, layouts: MapLayouts<Key, Value>, ownership: MapOwnership) {
    checkMap(map, "lru-per-cpu-hash", layouts.key, layouts.value);
    super(map, layouts.key, perCpuValues(layouts.value), ownership);
  }

  /** A typed view of a map that somebody else closes. @throws {KernelError} `WEIR_MAP_LAYOUT` */
  static of<Key extends Layout, Value extends Layout>(
    map: BpfMap,
    layouts: MapLayouts<Key, Value>,
  ): LruPerCpuHashMap<Key, Value> {
    return new LruPerCpuHashMap(map, layouts, "borrowed");
  }

  /** Opens a pinned map. @throws {KernelError} `WEIR_NOT_FOUND`, `WEIR_MAP_LAYOUT` */
  static open<Key extends Layout, Value extends Layout>(
    path: string,
    layouts: MapLayouts<Key, Value>,
  ): LruPerCpuHashMap<Key, Value> {
    return openOwned(path, (map) => new LruPerCpuHashMap(map, layouts, "owned"));
  }
}
