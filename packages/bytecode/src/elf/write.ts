import { encodeBtfExt } from "../btf/ext.ts";
import { type Btf, BtfBuilder, parseBtf } from "../btf/index.ts";
import { holdsExterns } from "../btf/place-sections.ts";
import { encodeInstructions, SLOT_SIZE } from "../encoding.ts";
import { ObjectError } from "../object-error.ts";
import type { MapSpec, ObjectSpec } from "../spec.ts";
import { encodeUtf8 } from "../utf8.ts";
import { variableOf, variablesIn } from "../variables.ts";
import { CodeLayout } from "./code-layout.ts";
import { CodeSection, type CodeTarget } from "./code-section.ts";
import { CONFIG_SECTION, encodeConfigs } from "./config-section.ts";
import { declareKernelFunctions } from "./declare-kernel-functions.ts";
import { RELOCATION_ENTRY, sectionFlags, sectionTypes, symbolTypes } from "./format.ts";
import { ElfImage } from "./image.ts";
import { encodeInlined, INLINED_SECTION } from "./inlined-section.ts";
import { defineMaps } from "./map-definitions.ts";
import { SymbolIndex } from "./symbol-index.ts";

/**
 * The object as an ELF file that bpftool, libbpf, `ip` and llvm-objdump read: programs in sections of their name, the
 * functions they call in `.text`, global variables in sections of theirs, maps in `.maps` as BTF describes them.
 *
 * @example
 * ```ts
 * const { object } = compile("drop.bpf.ts");
 * if (object !== undefined) writeFileSync("drop.o", writeObject(object));
 * ```
 * @throws {ObjectError} when a program refers to something that does not exist: a map, a slot, a function of the kernel that
 * BTF does not declare.
 */
export function writeObject(spec: ObjectSpec): Uint8Array {
  const btf = spec.btf && parseBtf(spec.btf);
  const image = new ElfImage();
  const builder = new BtfBuilder(spec.btf);
  const symbols = new SymbolIndex(image);

  const layout = new CodeLayout(spec, btf);
  const code = codeSections(spec, btf, layout);
  const indices = code.map((section) => addCode(image, section, symbols));
  addData(image, spec, btf, symbols);
  addMaps(image, builder, spec, symbols, layout);
  if (btf !== undefined) addMetadata(image, spec, btf);
  if (btf !== undefined) declareKernelFunctions(builder, spec, btf);
  const license = encodeUtf8(`${spec.license}\0`);
  image.addSection({ name: "license", content: license, flags: sectionFlags.allocate | sectionFlags.write });
  if (spec.btf !== undefined || spec.maps.size > 0) {
    const infos = code.map((section) => section.info);
    const ext = encodeBtfExt(infos, (text) => builder.addString(text));
    image.addSection({ name: ".BTF", content: builder.build(), alignment: 4n });
    image.addSection({ name: ".BTF.ext", content: ext, alignment: 4n });
    const inlined = encodeInlined(infos);
    if (inlined !== undefined) {
      image.addSection({ name: INLINED_SECTION, content: inlined, type: sectionTypes.strings });
    }
  }
  if (spec.configs.size > 0) {
    const references = code.flatMap((section) => section.configs);
    image.addSection({ name: CONFIG_SECTION, content: encodeConfigs(spec, references), type: sectionTypes.strings });
  }
  for (const [index, section] of code.entries()) {
    const relocations = section.relocations
      .map(({ offset, type, target }) => ({ offset, type, symbol: symbols.of(target, section.name) }))
      .sort((left, right) => left.offset - right.offset);
    image.addRelocations(indices[index] ?? 0, relocations);
  }
  return image.finish();
}

function codeSections(spec: ObjectSpec, btf: Btf | undefined, layout: CodeLayout): CodeSection[] {
  const variables = btf === undefined ? [] : [...spec.maps.values()].flatMap((map) => variablesIn(btf, map));
  const variableAt = (section: string, at: number) =>
    variables.find(({ map, offset, size }) => map === section && at >= offset && at < offset + size);
  return [...layout.sections].map(([name, functions]) => new CodeSection(name, functions, layout, variableAt));
}

function addCode(image: ElfImage, section: CodeSection, symbols: SymbolIndex): number {
  const content = encodeInstructions(section.instructions);
  const flags = sectionFlags.allocate | sectionFlags.code;
  const index = image.addSection({ name: section.name, content, flags, alignment: 8n });
  symbols.addSection(section.name, index);
  for (const placed of section.functions) {
    symbols.add(
      { kind: "function", placed },
      {
        name: placed.name,
        section: index,
        value: placed.slot * SLOT_SIZE,
        size: (placed.end - placed.start) * SLOT_SIZE,
        type: symbolTypes.function,
        // Loaders take each global function outside .text for a program.
        binding: placed.start === 0 ? "global" : "local",
      },
    );
  }
  return index;
}

/** Sections of global variables. */
function addData(image: ElfImage, spec: ObjectSpec, btf: Btf | undefined, symbols: SymbolIndex): void {
  for (const map of spec.maps.values()) {
    if (map.contents === undefined) continue;
    const flags = sectionFlags.allocate | (map.name.startsWith(".rodata") ? 0n : sectionFlags.write);
    const type = map.name.startsWith(".bss") ? sectionTypes.zeros : sectionTypes.data;
    const section = image.addSection({ name: map.name, content: map.contents, type, flags, alignment: 8n });
    symbols.addSection(map.name, section);
    for (const { name, offset, size, linkage } of btf === undefined ? [] : variablesIn(btf, map)) {
      const binding = linkage === "static" ? "local" : "global";
      const symbol = { name, section, value: offset, size, type: symbolTypes.object, binding } as const;
      symbols.add({ kind: "variable", section: map.name, name }, symbol);
    }
  }
}

/** Sections that have no more in them than BTF says: libbpf looks for them all the same. */
function addMetadata(image: ElfImage, { maps }: ObjectSpec, btf: Btf): void {
  for (let id = 1; id < btf.count; id++) {
    const type = btf.type(id);
    if (type.kind !== "section" || type.size === 0 || holdsExterns(btf, type)) continue;
    if (type.name === ".maps" || type.name === "license" || maps.has(type.name)) continue;
    const section = image.addSection({ name: type.name, content: new Uint8Array(type.size), alignment: 8n });
    for (const { type: variable, offset, size } of type.variables) {
      const { name } = variableOf(btf, variable);
      image.addSymbol({ name, section, value: offset, size, type: symbolTypes.object, binding: "global" });
    }
  }
}

function addMaps(
  image: ElfImage,
  builder: BtfBuilder,
  spec: ObjectSpec,
  symbols: SymbolIndex,
  layout: CodeLayout,
): void {
  const maps = [...spec.maps.values()].filter(({ contents }) => contents === undefined);
  if (maps.length === 0) return;
  const definitions = defineMaps(builder, maps, spec.btf);
  const content = new Uint8Array(definitions.reduce((sum, { size }) => sum + size, 0));
  const flags = sectionFlags.allocate | sectionFlags.write;
  const section = image.addSection({ name: ".maps", content, flags, alignment: 8n });
  for (const { map, offset, size } of definitions) {
    const { name } = map;
    const symbol = { name, section, value: offset, size, type: symbolTypes.object, binding: "global" } as const;
    symbols.add({ kind: "map", name }, symbol);
  }
  const relocations = definitions.flatMap(({ map, entries }) =>
    entries.map(({ offset, name }) => {
      return { offset, type: RELOCATION_ENTRY, symbol: symbols.of(entryTarget(spec, layout, map, name), ".maps") };
    }),
  );
  image.addRelocations(section, relocations);
}

/** A map of maps begins with maps, a program array with programs. */
function entryTarget(spec: ObjectSpec, layout: CodeLayout, map: MapSpec, name: string): CodeTarget {
  if (map.inner !== undefined) return { kind: "map", name };
  const program = spec.programs.get(name);
  if (program !== undefined) return { kind: "function", placed: layout.at(program, 0) };
  throw new ObjectError(`map "${map.name}" begins with program "${name}", which the object does not have`);
}
