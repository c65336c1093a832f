import { u32 } from "@weir/bytecode/layout";
import { BpfMap } from "./bpf-map.ts";
import type { MapOwnership } from "./keyed-map.ts";
import { ObjectMap } from "./object-map.ts";
import { openOwned } from "./open-owned.ts";

/**
 * An array of maps, which are all of one kind; one can be put in the place of another while programs use it.
 *
 * @example
 * ```ts
 * using tables = ArrayOfMaps.open("/sys/fs/bpf/tables");
 * using next = BpfMap.open("/sys/fs/bpf/next");
 * tables.set(0, next);
 * ```
 * Since Linux 4.12.
 * @see BPF_MAP_TYPE_ARRAY_OF_MAPS
 */
export class ArrayOfMaps extends ObjectMap<typeof u32> {
  private constructor(map: BpfMap, ownership: MapOwnership) {
    super(map, "array-of-maps", u32, ownership);
  }

  /** A view of a map that somebody else closes. @throws {KernelError} `WEIR_MAP_LAYOUT` */
  static of(map: BpfMap): ArrayOfMaps {
    return new ArrayOfMaps(map, "borrowed");
  }

  /** Opens a pinned map. @throws {KernelError} `WEIR_NOT_FOUND`, `WEIR_MAP_LAYOUT` */
  static open(path: string): ArrayOfMaps {
    return openOwned(path, (map) => new ArrayOfMaps(map, "owned"));
  }

  /** Opens the map at an index; the caller closes it. Undefined when there is none. */
  get(index: number): BpfMap | undefined {
    const id = this.id(index);
    return id === undefined ? undefined : BpfMap.byId(id);
  }

  /** Puts a map there; programs see it from their next look-up on. @throws {KernelError} EINVAL for a map of another kind */
  set(index: number, inner: BpfMap): void {
    this.put(index, inner.descriptor);
  }
}
