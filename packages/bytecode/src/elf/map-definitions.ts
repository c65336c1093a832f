import type { BtfBuilder } from "../btf/builder.ts";
import { parseBtf } from "../btf/index.ts";
import type { BtfMember } from "../btf/type.ts";
import { mapTypeNumbers } from "../map-types.ts";
import type { MapSpec } from "../spec.ts";

/** Where a map's definition lies in section `.maps`, in bytes. */
export interface MapDefinition {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

const POINTER_SIZE = 8;

/**
 * Describes maps in BTF as libbpf's `__uint` and `__type` do: the definition of a map is a variable whose struct type
 * says all. A number is the length of an array that a member points to, a type the type that it points to.
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
    const members = mapMembers(builder, map);
    const size = members.length * POINTER_SIZE;
    const struct = builder.add({ kind: "struct", name: "", size, members });
    const variable = builder.add({ kind: "variable", name: map.name, type: struct, linkage: "global" });
    variables.push({ type: variable, offset, size });
    definitions.push({ name: map.name, offset, size });
    offset += size;
  }
  if (variables.length > 0) {
    // An object that was read has the section already, perhaps with other sizes than the maps have now.
    const before = existing && parseBtf(existing).find("section", ".maps")?.id;
    builder.add({ kind: "section", name: ".maps", size: offset, variables }, before);
  }
  return definitions;
}

function mapMembers(builder: BtfBuilder, map: MapSpec): BtfMember[] {
  const int = builder.add({ kind: "int", name: "int", size: 4, encoding: "signed" });
  const number = (length: number): number => builder.add({ kind: "array", type: int, indexType: int, length });
  const members: [name: string, pointee: number][] = [
    ["type", number(mapTypeNumbers[map.type])],
    ["max_entries", number(map.maxEntries)],
  ];
  if (map.flags !== 0) members.push(["map_flags", number(map.flags)]);
  if (map.keyType !== 0) members.push(["key", map.keyType]);
  else if (map.keySize !== 0) members.push(["key_size", number(map.keySize)]);
  if (map.valueType !== 0) members.push(["value", map.valueType]);
  else if (map.valueSize !== 0) members.push(["value_size", number(map.valueSize)]);
  return members.map(([name, pointee], index) => ({
    name,
    type: builder.add({ kind: "pointer", type: pointee }),
    bitOffset: index * POINTER_SIZE * 8,
  }));
}
