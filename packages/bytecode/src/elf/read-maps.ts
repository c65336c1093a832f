import type { Btf } from "../btf/btf.ts";
import type { BtfMember, BtfType } from "../btf/type.ts";
import type { ByteReader } from "../byte-reader.ts";
import { mapTypeOf } from "../map-types.ts";
import type { MapEntry, MapSpec } from "../spec.ts";
import type { ElfFile, FileRelocation, FileSection } from "./file.ts";
import { RELOCATION_ENTRY, symbolTypes } from "./format.ts";

/** A map, and where its definition or its contents lie. */
export interface ReadMap {
  readonly spec: MapSpec;
  readonly section: number;
  readonly offset: number;
}

const POINTER_SIZE = 8;

/** The maps that section `.maps` and its description in BTF define (see `defineMaps`), in the order of their definitions. */
export function readMaps(elf: ElfFile, btf: Btf | undefined): ReadMap[] {
  const section = elf.section(".maps");
  if (section === undefined) return [];
  if (btf === undefined) throw section.content.error("defines maps, but the object has no BTF to describe them");
  const symbols = elf.symbols.filter(
    (symbol) => symbol.section === section.index && symbol.type === symbolTypes.object,
  );
  symbols.sort((left, right) => left.value - right.value);
  const definitions = new Definitions(elf, section, btf, symbols);
  return symbols.map(({ name, value }) => ({
    spec: definitions.read(name, value),
    section: section.index,
    offset: value,
  }));
}

interface MapPlace {
  readonly name: string;
  /** Where its definition begins in the section. */
  readonly value: number;
}

class Definitions {
  readonly #elf: ElfFile;
  readonly #section: FileSection;
  readonly #btf: Btf;
  readonly #places: readonly MapPlace[];
  readonly #relocations: ReadonlyMap<number, FileRelocation>;

  constructor(elf: ElfFile, section: FileSection, btf: Btf, places: readonly MapPlace[]) {
    this.#elf = elf;
    this.#section = section;
    this.#btf = btf;
    this.#places = places;
    this.#relocations = elf.relocations(section);
  }

  read(name: string, start: number): MapSpec {
    const variable = this.#btf
      .find("section", ".maps")
      ?.type.variables.map(({ type }) => this.#btf.type(type))
      .find((type) => type.kind === "variable" && type.name === name);
    const definition = variable?.kind === "variable" ? this.#btf.bare(variable.type).type : undefined;
    if (definition?.kind !== "struct")
      throw this.#content.error(`defines map "${name}", but BTF has no struct that describes it`);
    const spec = this.#mapOf(name, definition);
    const values = definition.members.find((member) => member.name === "values");
    const entries = values === undefined ? [] : this.#entries(name, start, values.bitOffset / 8);
    return Object.freeze({ ...spec, ...(entries.length > 0 && { entries: Object.freeze(entries) }) });
  }

  get #content(): ByteReader {
    return this.#section.content;
  }

  #mapOf(name: string, definition: BtfType & { kind: "struct" | "union" }): MapSpec {
    const btf = this.#btf;
    const members = new Map(definition.members.map((member) => [member.name, member]));
    for (const member of members.keys()) {
      if (!known.includes(member))
        throw this.#content.error(`defines map "${name}" with "${member}", which weir does not know`);
    }
    const number = (member: string): number | undefined => arrayLength(btf, members.get(member));
    const keyType = pointee(btf, members.get("key")) ?? 0;
    const valueType = pointee(btf, members.get("value")) ?? 0;
    const type = mapTypeOf(number("type") ?? 0);
    if (type === undefined)
      throw this.#content.error(`defines map "${name}" of type ${number("type")}, which weir does not know`);
    const extra = enumeratedValue(btf, members.get("map_extra")) ?? number("map_extra");
    const inner = this.#inner(name, members.get("values"));
    return {
      name,
      type,
      keySize: number("key_size") ?? btf.sizeOf(keyType),
      // What a map of maps or of programs holds is a 32-bit number, and need not be said.
      valueSize: number("value_size") ?? (members.has("values") ? 4 : btf.sizeOf(valueType)),
      maxEntries: number("max_entries") ?? 0,
      flags: number("map_flags") ?? 0,
      keyType,
      valueType,
      ...(extra !== undefined && { extra: BigInt(extra) }),
      ...(inner !== undefined && { inner: Object.freeze(inner) }),
    };
  }

  /** `__array(values, T)` is an array of pointers to T: the definition of another map, or the type of a program. */
  #inner(name: string, values: BtfMember | undefined): MapSpec | undefined {
    const array = values && this.#btf.bare(values.type).type;
    const pointer = array?.kind === "array" ? this.#btf.bare(array.type).type : undefined;
    const element = pointer?.kind === "pointer" ? this.#btf.bare(pointer.type).type : undefined;
    if (element?.kind !== "struct") return undefined;
    if (element.members.some((member) => member.name === "values")) {
      throw this.#content.error(`defines map "${name}" of maps of maps, which the kernel does not know`);
    }
    return this.#mapOf(`${name}.inner`, element);
  }

  /** What the definition says is in the map from the start: each is an address that a relocation would fill in. */
  #entries(map: string, start: number, valuesOffset: number): MapEntry[] {
    const first = start + valuesOffset;
    const end = this.#places.find(({ value }) => value > start)?.value ?? this.#section.size;
    return [...this.#relocations.values()]
      .filter(({ offset }) => offset >= first && offset < end)
      .sort((left, right) => left.offset - right.offset)
      .map((relocation) => ({
        index: (relocation.offset - first) / POINTER_SIZE,
        name: this.#entryName(map, relocation),
      }));
  }

  #entryName(map: string, { offset, type, symbol }: FileRelocation): string {
    if (type === RELOCATION_ENTRY) {
      if (symbol.type !== symbolTypes.section) return symbol.name;
      // A static map or program goes by its place in its section.
      const value = symbol.value + this.#content.u32(offset);
      const found = this.#elf.symbols.find(
        (one) => one.section === symbol.section && one.type !== symbolTypes.section && one.value === value,
      );
      if (found !== undefined) return found.name;
    }
    throw this.#content.error(`fills map "${map}" with something that is no map and no program`, offset);
  }
}

// `pinning` tells libbpf where to keep the map; weir's loader is told by its caller.
const known = [
  "type",
  "max_entries",
  "map_flags",
  "map_extra",
  "key",
  "key_size",
  "value",
  "value_size",
  "values",
  "pinning",
];

/** `__type(key, T)` is a pointer to T. */
function pointee(btf: Btf, member: BtfMember | undefined): number | undefined {
  const pointer = member && btf.bare(member.type).type;
  return pointer?.kind === "pointer" ? pointer.type : undefined;
}

/** `__uint(type, 5)` is a pointer to an array of 5. */
function arrayLength(btf: Btf, member: BtfMember | undefined): number | undefined {
  const id = pointee(btf, member);
  const array = id === undefined ? undefined : btf.bare(id).type;
  return array?.kind === "array" ? array.length : undefined;
}

/** `__ulong(map_extra, 5)`, for what 32 bits do not hold, is an enumeration with one value. */
function enumeratedValue(btf: Btf, member: BtfMember | undefined): bigint | undefined {
  const type = member && btf.bare(member.type).type;
  return type?.kind === "enum" || type?.kind === "enum64" ? type.values[0]?.value : undefined;
}
