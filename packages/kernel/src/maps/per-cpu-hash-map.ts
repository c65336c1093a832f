import type { Decoded, Layout } from "@weir/bytecode/layout";
import type { BpfMap } from "./bpf-map.ts";
import { checkMap, type MapLayouts } from "./check-layout.ts";
import { KeyedMap, type MapOwnership } from "./keyed-map.ts";
import { openOwned } from "./open-owned.ts";
import { perCpuValues } from "./value-form.ts";

/**
 * A hash table whose values have a part for each possible CPU, so that programs count without losing updates.
 *
 * @example
 * ```ts
 * using blocked = PerCpuHashMap.open("/sys/fs/bpf/blocked", { key: be32, value: struct({ packets: u64 }) });
 * blocked.get(0xc000_0207)?.reduce((sum, part) => sum + part.packets, 0n); // of 192.0.2.7, on all CPUs
 * ```
 * Since Linux 4.6.
 * @see BPF_MAP_TYPE_PERCPU_HASH
 */
export class PerCpuHashMap<Key extends Layout, Value extends Layout> extends KeyedMap<Key, Decoded<Value>[]> {
  private constructor(map: BpfMap, layouts: MapLayouts<Key, Value>, ownership: MapOwnership) {
    checkMap(map, "per-cpu-hash", layouts.key, layouts.value);
    super(map, layouts.key, perCpuValues(layouts.value), ownership);
  }

  /** A typed view of a map that somebody else closes. @throws {KernelError} `WEIR_MAP_LAYOUT` */
  static of<Key extends Layout, Value extends Layout>(
    map: BpfMap,
    layouts: MapLayouts<Key, Value>,
  ): PerCpuHashMap<Key, Value> {
    return new PerCpuHashMap(map, layouts, "borrowed");
  }

  /** Opens a pinned map. @throws {KernelError} `WEIR_NOT_FOUND`, `WEIR_MAP_LAYOUT` */
  static open<Key extends Layout, Value extends Layout>(
    path: string,
    layouts: MapLayouts<Key, Value>,
  ): PerCpuHashMap<Key, Value> {
    return openOwned(path, (map) => new PerCpuHashMap(map, layouts, "owned"));
  }
}
