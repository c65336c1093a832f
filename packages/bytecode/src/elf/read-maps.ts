import type { Btf } from "../btf/btf.ts";
import type { BtfMember, BtfType } from "../btf/type.ts";
import type { ByteReader } from "../byte-reader.ts";
import { mapTypeOf } from "../map-types.ts";
import type { MapSpec } from "../spec.ts";
import type { ElfFile } from "./file.ts";
import { symbolTypes } from "./format.ts";

/** A map, and where its definition lies in section `.maps`. */
export interface ReadMap {
  readonly spec: MapSpec;
  readonly section: number;
  readonly offset: number;
}

/** The maps that section `.maps` and its description in BTF define (see `defineMaps`), in the order of their definitions. */
export function readMaps(elf: ElfFile, btf: Btf | undefined): ReadMap[] {
  const section = elf.section(".maps");
  if (section === undefined) return [];
  if (btf === undefined) throw section.content.error("defines maps, but the object has no BTF to describe them");
  const symbols = elf.symbols.filter(
    (symbol) => symbol.section === section.index && symbol.type === symbolTypes.object,
  );
  symbols.sort((left, right) => left.value - right.value);
  return symbols.map(({ name, value }) => ({
    spec: readMap(name, btf, section.content),
    section: section.index,
    offset: value,
  }));
}

function readMap(name: string, btf: Btf, section: ByteReader): MapSpec {
  const variable = btf
    .find("section", ".maps")
    ?.type.variables.map(({ type }) => btf.type(type))
    .find((type) => type.kind === "variable" && type.name === name);
  const definition = variable?.kind === "variable" ? resolve(btf, variable.type) : undefined;
  if (definition?.kind !== "struct")
    throw section.error(`defines map "${name}", but BTF has no struct that describes it`);
  const members = new Map(definition.members.map((member) => [member.name, member]));
  for (const member of members.keys()) {
    if (!known.includes(member))
      throw section.error(`defines map "${name}" with "${member}", which weir does not know`);
  }
  const number = (member: string): number | undefined => arrayLength(btf, members.get(member));
  const keyType = pointee(btf, members.get("key")) ?? 0;
  const valueType = pointee(btf, members.get("value")) ?? 0;
  const type = mapTypeOf(number("type") ?? 0);
  if (type === undefined)
    throw section.error(`defines map "${name}" of type ${number("type")}, which weir does not know`);
  return Object.freeze({
    name,
    type,
    keySize: number("key_size") ?? btf.sizeOf(keyType),
    valueSize: number("value_size") ?? btf.sizeOf(valueType),
    maxEntries: number("max_entries") ?? 0,
    flags: number("map_flags") ?? 0,
    keyType,
    valueType,
  });
}

// `pinning` tells libbpf where to keep the map; weir's loader is told by its caller.
const known = ["type", "max_entries", "map_flags", "key", "key_size", "value", "value_size", "pinning"];

/** `__type(key, T)` is a pointer to T. */
function pointee(btf: Btf, member: BtfMember | undefined): number | undefined {
  const pointer = member && resolve(btf, member.type);
  return pointer?.kind === "pointer" ? pointer.type : undefined;
}

/** `__uint(type, 5)` is a pointer to an array of 5. */
function arrayLength(btf: Btf, member: BtfMember | undefined): number | undefined {
  const id = pointee(btf, member);
  const array = id === undefined ? undefined : resolve(btf, id);
  return array?.kind === "array" ? array.length : undefined;
}

/** The type behind typedefs and qualifiers. */
function resolve(btf: Btf, id: number): BtfType {
  let type = btf.type(id);
  for (let steps = 0; steps < btf.count; steps++) {
    if (type.kind !== "typedef" && type.kind !== "const" && type.kind !== "volatile") break;
    type = btf.type(type.type);
  }
  return type;
}
