import type { Decoded, Layout } from "@weir/bytecode/layout";
import type { BpfMap } from "./bpf-map.ts";
import type { MapOwnership } from "./keyed-map.ts";
import { KeylessMap, type ValueLayout } from "./keyless-map.ts";
import { openOwned } from "./open-owned.ts";

/**
 * A set shared with the kernel that says for certain what is not in it; what it says is in it may not be, once in a while. Nothing
 * can be taken out.
 *
 * @example
 * ```ts
 * using seen = BloomFilterMap.open("/sys/fs/bpf/seen", { value: be32 });
 * seen.add(0xc000_0207);
 * seen.mayHave(0xc000_0207); // true
 * ```
 * Since Linux 5.16.
 * @see BPF_MAP_TYPE_BLOOM_FILTER
 */
export class BloomFilterMap<Value extends Layout> extends KeylessMap<Value> {
  private constructor(map: BpfMap, { value }: ValueLayout<Value>, ownership: MapOwnership) {
    super(map, "bloom-filter", value, ownership);
  }

  /** A typed view of a map that somebody else closes. @throws {KernelError} `WEIR_MAP_LAYOUT` */
  static of<Value extends Layout>(map: BpfMap, layout: ValueLayout<Value>): BloomFilterMap<Value> {
    return new BloomFilterMap(map, layout, "borrowed");
  }

  /** Opens a pinned map. @throws {KernelError} `WEIR_NOT_FOUND`, `WEIR_MAP_LAYOUT` */
  static open<Value extends Layout>(path: string, layout: ValueLayout<Value>): BloomFilterMap<Value> {
    return openOwned(path, (map) => new BloomFilterMap(map, layout, "owned"));
  }

  /** Puts a value in. */
  add(value: Decoded<Value>): void {
    this.put(value);
  }

  /** False when the value was never put in. */
  mayHave(value: Decoded<Value>): boolean {
    return this.holds(value);
  }
}
