import { bytes, type Layout, u32 } from "@weir/bytecode/layout";
import type { BpfMap } from "./bpf-map.ts";
import type { MapLayouts } from "./check-layout.ts";
import { KeyedMap } from "./keyed-map.ts";
import { MAP_TYPES } from "./map-types.ts";
import { perCpuValues, sharedValue, type ValueForm } from "./value-form.ts";

/** Types whose entries user space cannot go through: those without keys, and those that hold what only programs can reach. */
const CLOSED = new Set([
  "ring-buffer",
  "perf-event-array",
  "xsk-map",
  "queue",
  "stack",
  "bloom-filter",
  "sk-storage",
  "arena",
]);

/**
 * A map of whatever type, for those who learn only while they run what is in it. Values are lists: with one value, or in per-CPU
 * maps one for each CPU. Maps of maps and of programs give ids.
 *
 * @example
 * ```ts
 * using map = BpfMap.byId(7);
 * using entries = AnyMap.open(map);
 * for (const [key, [value]] of entries?.entries() ?? []) console.log(key, value);
 * ```
 */
export class AnyMap extends KeyedMap<Layout, unknown[]> {
  /**
   * A view of a map that somebody else closes; undefined for types that have no entries to read.
   *
   * @param layouts of keys and values: bytes where they are not given, or have another size
   */
  static open(map: BpfMap, layouts: Partial<MapLayouts<Layout, Layout>> = {}): AnyMap | undefined {
    const { type, keySize, valueSize } = map.info;
    if (type === undefined || CLOSED.has(type)) return undefined;
    const key = fitting(layouts.key, keySize) ?? (keySize === u32.size ? u32 : bytes(keySize));
    const value = fitting(layouts.value, valueSize) ?? (valueSize === u32.size ? u32 : bytes(valueSize));
    const form: ValueForm<unknown[]> = MAP_TYPES[type].perCpu ? perCpuValues(value) : single(value);
    return new AnyMap(map, key, form, "borrowed");
  }
}

const fitting = (layout: Layout | undefined, size: number): Layout | undefined =>
  layout?.size === size ? layout : undefined;

function single(layout: Layout): ValueForm<unknown[]> {
  const { elementSize, size, decode, encode } = sharedValue(layout);
  return {
    elementSize,
    size,
    decode: (view, offset) => [decode(view, offset)],
    encode: (values, view, offset) => {
      // A list that was decoded by this form, or one that the caller answers for: `encode` checks what is in it.
      const [value] = values as Parameters<typeof encode>[0][];
      if (value === undefined) throw new RangeError("a value is a list of one");
      encode(value, view, offset);
    },
  };
}
