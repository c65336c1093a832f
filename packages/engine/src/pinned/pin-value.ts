import type { Decoded, Layout } from "@weir/bytecode/layout";
import { ArrayMap, BpfMap } from "@weir/kernel";

/**
 * Pins a value: as the only element of an array, since maps are what a BPF file system keeps. No program reads it.
 *
 * @param name of the map, of which the kernel keeps 15 characters
 */
export function pinValue<L extends Layout>(path: string, name: string, layout: L, value: Decoded<L>): void {
  using map = BpfMap.create({
    ...{ name, type: "array", keySize: 4, valueSize: layout.size, maxEntries: 1 },
    ...{ flags: 0, keyType: 0, valueType: 0 },
  });
  using values = ArrayMap.of(map, { value: layout });
  values.set(0, value);
  map.pin(path);
}
