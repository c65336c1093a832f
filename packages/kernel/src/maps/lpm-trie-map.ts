import type { Decoded, Layout } from "@weir/bytecode/layout";
import type { BpfMap } from "./bpf-map.ts";
import { checkMap, type MapLayouts } from "./check-layout.ts";
import { KeyedMap, type MapOwnership } from "./keyed-map.ts";
import { openOwned } from "./open-owned.ts";
import { sharedValue } from "./value-form.ts";

/**
 * A table of prefixes shared with the kernel: a look-up finds the longest one that its key begins with. A key is the length of
 * a prefix in bits, a 32-bit number, with the bytes to compare behind it, the most significant first.
 *
 * @example
 * ```ts
 * const Prefix = struct({ length: u32, address: be32 });
 * using blocked = LpmTrieMap.open("/sys/fs/bpf/blocked", { key: Prefix, value: struct({ packets: u64 }) });
 * blocked.set({ length: 24, address: 0xc000_0200 }, { packets: 0n }); // 192.0.2.0/24
 * ```
 * Since Linux 4.11.
 * @see BPF_MAP_TYPE_LPM_TRIE
 */
export class LpmTrieMap<Key extends Layout, Value extends Layout> extends KeyedMap<Key, Decoded<Value>> {
  private constructor(map: BpfMap, layouts: MapLayouts<Key, Value>, ownership: MapOwnership) {
    checkMap(map, "lpm-trie", layouts.key, layouts.value);
    super(map, layouts.key, sharedValue(layouts.value), ownership);
  }

  /** A typed view of a map that somebody else closes. @throws {KernelError} `WEIR_MAP_LAYOUT` */
  static of<Key extends Layout, Value extends Layout>(
    map: BpfMap,
    layouts: MapLayouts<Key, Value>,
  ): LpmTrieMap<Key, Value> {
    return new LpmTrieMap(map, layouts, "borrowed");
  }

  /** Opens a pinned map. @throws {KernelError} `WEIR_NOT_FOUND`, `WEIR_MAP_LAYOUT` */
  static open<Key extends Layout, Value extends Layout>(
    path: string,
    layouts: MapLayouts<Key, Value>,
  ): LpmTrieMap<Key, Value> {
    return openOwned(path, (map) => new LpmTrieMap(map, layouts, "owned"));
  }
}
