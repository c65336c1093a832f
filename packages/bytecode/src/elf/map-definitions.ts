import type { BtfBuilder } from "../btf/builder.ts";
import { parseBtf } from "../btf/index.ts";
import type { BtfMember } from "../btf/type.ts";
import { mapTypeNumbers } from "../map-types.ts";
import type { MapSpec } from "../spec.ts";

/** Where a map's definition lies in section `.maps`, in bytes. */
export interface MapDefinition {
  readonly map: MapSpec;
  readonly offset: number;
  readonly size: number;
  /** Where in the section the address of each entry stands that the map begins with. */
  readonly entries: readonly { readonly offset: number; readonly name: string }[];
}

const POINTER_SIZE = 8;
const LARGEST_ARRAY = 0xffff_ffff;

/**
 * Describes maps in BTF as libbpf's `__uint`, `__type` and `__array` do: the definition of a map is a variable whose struct
 * type says all. A number is the length of an array that a member points to, a type the type that it points to; what the map
 * begins with are pointers at the end.
 */
export function defineMaps(
  builder: BtfBuilder,
  maps: Iterable<MapSpec>,
  existing: Uint8Array | undefined,
): MapDefinition[] {
  const definitions: MapDefinition[] = [];
  const variables: { type: number; offset: number; size: number }[] = [];
  let offset = 0;
  for (const map of maps) {
    const { id, size: fixed } = defineMap(builder, map);
    const variable = builder.add({ kind: "variable", name: map.name, type: id, linkage: "global" });
    const entries = (map.entries ?? []).map(({ index, name }) => ({
      offset: offset + fixed + index * POINTER_SIZE,
      name,
    }));
    const size = Math.max(offset + fixed, ...entries.map((entry) => entry.offset + POINTER_SIZE)) - offset;
    variables.push({ type: variable, offset, size });
    definitions.push({ map, offset, size, entries });
    offset += size;
  }
  if (variables.length > 0) {
    // An object that was read has the section already, perhaps with other sizes than the maps have now.
    const before = existing && parseBtf(existing).find("section", ".maps")?.id;
    builder.add({ kind: "section", name: ".maps", size: offset, variables }, before);
  }
  return definitions;
}

/** The struct that describes a map, and its size without the entries behind it. */
function defineMap(builder: BtfBuilder, map: MapSpec): { id: number; size: number } {
  const int = builder.add({ kind: "int", name: "int", size: 4, encoding: "signed" });
  const array = (type: number, length: number): number => builder.add({ kind: "array", type, indexType: int, length });
  const pointer = (type: number): number => builder.add({ kind: "pointer", type });
  const number = (value: number): number => pointer(array(int, value));

  const members: [name: string, type: number][] = [
    ["type", number(mapTypeNumbers[map.type])],
    ["max_entries", number(map.maxEntries)],
  ];
  if (map.flags !== 0) members.push(["map_flags", number(map.flags)]);
  if (map.extra !== undefined) members.push(["map_extra", extraType(builder, map.extra, number)]);
  if (map.keyType !== 0) members.push(["key", pointer(map.keyType)]);
  else if (map.keySize !== 0) members.push(["key_size", number(map.keySize)]);
  const values = valuesType(builder, map, int);
  if (map.valueType !== 0) members.push(["value", pointer(map.valueType)]);
  else if (map.valueSize !== 0 && values === undefined) members.push(["value_size", number(map.valueSize)]);
  if (values !== undefined) members.push(["values", array(pointer(values), 0)]);

  const size = (members.length - (values === undefined ? 0 : 1)) * POINTER_SIZE;
  const described = members.map(
    ([name, type], index): BtfMember => ({ name, type, bitOffset: index * POINTER_SIZE * 8 }),
  );
  return { id: builder.add({ kind: "struct", name: "", size, members: described }), size };
}

function extraType(builder: BtfBuilder, extra: bigint, number: (value: number) => number): number {
  if (extra <= LARGEST_ARRAY) return number(Number(extra));
  const values = [{ name: `__unique_value_${extra}`, value: extra }];
  return builder.add({ kind: "enum64", name: "", size: 8, signed: false, values });
}

/** What the pointers at the end of a definition point to: the definition of an inner map, or the type of programs. */
function valuesType(builder: BtfBuilder, map: MapSpec, int: number): number | undefined {
  if (map.inner !== undefined) return defineMap(builder, map.inner).id;
  if (map.entries === undefined) return undefined;
  const context = builder.add({ kind: "pointer", type: 0 });
  return builder.add({ kind: "function-prototype", type: int, parameters: [{ name: "", type: context }] });
}
