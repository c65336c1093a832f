import { type BtfBuilder, btfOfLayout, type MapSpec, type MapType } from "@weir/bytecode";
import type { Layout } from "@weir/bytecode/layout";
import type { MapDeclaration } from "../constants/constant.ts";
import type { LayoutNames } from "../types/type-name.ts";
import { btfName } from "./btf-name.ts";

/** Maps that the kernel takes no types for: their `map_check_btf` is `map_check_no_btf`. */
const untyped: ReadonlySet<MapType> = new Set([
  "array-of-maps",
  "hash-of-maps",
  "perf-event-array",
  "xsk-map",
  "queue",
  "stack",
  "bloom-filter",
]);

/** A map as the object declares it, its key and value described by name. */
export function mapSpec(btf: BtfBuilder, map: MapDeclaration, names: LayoutNames): MapSpec {
  const { storedKey: key, value } = map;
  const typeOf = (layout: Layout | undefined, part: string): number =>
    layout === undefined || untyped.has(map.type)
      ? 0
      : btfOfLayout(btf, layout, btfName(names.get(layout) ?? `${map.name}_${part}`));
  return Object.freeze({
    ...(map.inner !== undefined && { inner: mapSpec(btf, map.inner, names) }),
    name: map.name,
    type: map.type,
    keySize: key?.size ?? 0,
    valueSize: value?.size ?? 0,
    maxEntries: map.maxEntries,
    flags: map.flags,
    keyType: typeOf(key, "key"),
    valueType: typeOf(value, "value"),
    ...(map.programs.length > 0 ? { entries: map.programs.map(({ name }, index) => ({ index, name })) } : {}),
  });
}
