import { type Decoded, type Layout, u32 } from "@weir/bytecode/layout";
import type { BpfMap } from "./bpf-map.ts";
import { checkMap } from "./check-layout.ts";
import { type ArrayLayouts, IndexedMap } from "./indexed-map.ts";
import type { MapOwnership } from "./keyed-map.ts";
import { MapMemory, type MapMemoryOptions } from "./map-memory.ts";
import { openOwned } from "./open-owned.ts";
import { sharedValue } from "./value-form.ts";

/**
 * An array shared with the kernel: its keys are the numbers below its length, its values are all there from the start.
 *
 * @example
 * ```ts
 * using settings = ArrayMap.open("/sys/fs/bpf/settings", { value: struct({ sampling: u32 }) });
 * settings.set(0, { sampling: 10 });
 * ```
 * Since Linux 3.19.
 * @see BPF_MAP_TYPE_ARRAY
 */
export class ArrayMap<Value extends Layout> extends IndexedMap<Decoded<Value>> {
  readonly #value: Value;

  private constructor(map: BpfMap, { value }: ArrayLayouts<Value>, ownership: MapOwnership) {
    checkMap(map, "array", u32, value);
    super(map, sharedValue(value), ownership);
    this.#value = value;
  }

  /** A typed view of a map that somebody else closes. @throws {KernelError} `WEIR_MAP_LAYOUT` */
  static of<Value extends Layout>(map: BpfMap, layouts: ArrayLayouts<Value>): ArrayMap<Value> {
    return new ArrayMap(map, layouts, "borrowed");
  }

  /** Opens a pinned map. @throws {KernelError} `WEIR_NOT_FOUND`, `WEIR_MAP_LAYOUT` */
  static open<Value extends Layout>(path: string, layouts: ArrayLayouts<Value>): ArrayMap<Value> {
    return openOwned(path, (map) => new ArrayMap(map, layouts, "owned"));
  }

  /**
   * The array's own memory, to be read, or written too, without any call. The map must have been made with `BPF_F_MMAPABLE`.
   *
   * @example
   * ```ts
   * using counts = ArrayMap.open("/sys/fs/bpf/counts", { value: u64 });
   * using memory = counts.memory();
   * memory.view.getBigUint64(3 * memory.stride, true); // element 3, without a system call
   * ```
   * Since Linux 5.5.
   * @throws {KernelError} `WEIR_NOT_SUPPORTED` when the map was made without `BPF_F_MMAPABLE`
   */
  memory(options: MapMemoryOptions = {}): MapMemory {
    return new MapMemory(this.map, this.#value.size, options);
  }
}
