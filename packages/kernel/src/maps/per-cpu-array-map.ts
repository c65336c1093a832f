import { type Decoded, type Layout, u32 } from "@weir/bytecode/layout";
import type { BpfMap } from "./bpf-map.ts";
import { checkMap } from "./check-layout.ts";
import { type ArrayLayouts, IndexedMap } from "./indexed-map.ts";
import type { MapOwnership } from "./keyed-map.ts";
import { openOwned } from "./open-owned.ts";
import { perCpuValues } from "./value-form.ts";

/**
 * An array whose elements have a part for each possible CPU, so that programs count without losing updates.
 *
 * @example
 * ```ts
 * using statistics = PerCpuArrayMap.open("/sys/fs/bpf/statistics", { value: struct({ frames: u64 }) });
 * const frames = statistics.at(0).reduce((sum, part) => sum + part.frames, 0n);
 * ```
 * Since Linux 4.6.
 * @see BPF_MAP_TYPE_PERCPU_ARRAY
 */
export class PerCpuArrayMap<Value extends Layout> extends IndexedMap<Decoded<Value>[]> {
  private constructor(map: BpfMap, { value }: ArrayLayouts<Value>, ownership: MapOwnership) {
    checkMap(map, "per-cpu-array", u32, value);
    super(map, perCpuValues(value), ownership);
  }

  /** A typed view of a map that somebody else closes. @throws {KernelError} `WEIR_MAP_LAYOUT` */
  static of<Value extends Layout>(map: BpfMap, layouts: ArrayLayouts<Value>): PerCpuArrayMap<Value> {
    return new PerCpuArrayMap(map, layouts, "borrowed");
  }

  /** Opens a pinned map. @throws {KernelError} `WEIR_NOT_FOUND`, `WEIR_MAP_LAYOUT` */
  static open<Value extends Layout>(path: string, layouts: ArrayLayouts<Value>): PerCpuArrayMap<Value> {
    return openOwned(path, (map) => new PerCpuArrayMap(map, layouts, "owned"));
  }
}
