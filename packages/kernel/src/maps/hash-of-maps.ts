import type { Decoded, Layout } from "@weir/bytecode/layout";
import { BpfMap } from "./bpf-map.ts";
import type { MapOwnership } from "./keyed-map.ts";
import { ObjectMap } from "./object-map.ts";
import { openOwned } from "./open-owned.ts";

/** The layout of the keys of a map of maps. */
export interface KeyLayout<Key extends Layout> {
  readonly key: Key;
}

/**
 * As `ArrayOfMaps`, by any key.
 *
 * @example
 * ```ts
 * using tenants = HashOfMaps.open("/sys/fs/bpf/tenants", { key: be32 });
 * using rules = BpfMap.open("/sys/fs/bpf/rules");
 * tenants.set(0xc000_0207, rules);
 * ```
 * Since Linux 4.12.
 * @see BPF_MAP_TYPE_HASH_OF_MAPS
 */
export class HashOfMaps<Key extends Layout> extends ObjectMap<Key> {
  private constructor(map: BpfMap, { key }: KeyLayout<Key>, ownership: MapOwnership) {
    super(map, "hash-of-maps", key, ownership);
  }

  /** A view of a map that somebody else closes. @throws {KernelError} `WEIR_MAP_LAYOUT` */
  static of<Key extends Layout>(map: BpfMap, layout: KeyLayout<Key>): HashOfMaps<Key> {
    return new HashOfMaps(map, layout, "borrowed");
  }

  /** Opens a pinned map. @throws {KernelError} `WEIR_NOT_FOUND`, `WEIR_MAP_LAYOUT` */
  static open<Key extends Layout>(path: string, layout: KeyLayout<Key>): HashOfMaps<Key> {
    return openOwned(path, (map) => new HashOfMaps(map, layout, "owned"));
  }

  /** Opens the map of a key; the caller closes it. Undefined when there is none. */
  get(key: Decoded<Key>): BpfMap | undefined {
    const id = this.id(key);
    return id === undefined ? undefined : BpfMap.byId(id);
  }

  /** Puts a map there; programs see it from their next look-up on. @throws {KernelError} EINVAL for a map of another kind */
  set(key: Decoded<Key>, inner: BpfMap): void {
    this.put(key, inner.descriptor);
  }
}
