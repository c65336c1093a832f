import { encodeBtfExt } from "../btf/ext.ts";
import { BtfBuilder, parseBtf } from "../btf/index.ts";
import { encodeInstructions, SLOT_SIZE } from "../encoding.ts";
import { ObjectError } from "../object-error.ts";
import type { ObjectSpec } from "../spec.ts";
import { encodeUtf8 } from "../utf8.ts";
import { CodeSection, type CodeTarget } from "./code-section.ts";
import { CONFIG_SECTION, encodeConfigs } from "./config-section.ts";
import { sectionFlags, sectionTypes, symbolTypes } from "./format.ts";
import { functionsOf } from "./functions.ts";
import { ElfImage, type ElfSymbol } from "./image.ts";
import { defineMaps } from "./map-definitions.ts";

/**
 * The object as an ELF file that bpftool, libbpf, `ip` and llvm-objdump read: programs in sections of their name, the
 * functions they call in `.text`, maps in `.maps` as BTF describes them.
 *
 * @example
 * ```ts
 * const { object } = compile("drop.bpf.ts");
 * if (object !== undefined) writeFileSync("drop.o", writeObject(object));
 * ```
 * @throws {ObjectError} when a program refers to a map or calls a slot that does not exist.
 */
export function writeObject(spec: ObjectSpec): Uint8Array {
  const image = new ElfImage();
  const builder = new BtfBuilder(spec.btf);
  const symbols = new Map<string, ElfSymbol>();

  const code = codeSections(spec);
  const indices = code.map((section) => addCode(image, section, symbols));
  addMaps(image, builder, spec, symbols);
  const license = encodeUtf8(`${spec.license}\0`);
  image.addSection({ name: "license", content: license, flags: sectionFlags.allocate | sectionFlags.write });
  if (spec.btf !== undefined || spec.maps.size > 0) {
    const infos = code.map((section) => section.info);
    const ext = encodeBtfExt(infos, (text) => builder.addString(text));
    image.addSection({ name: ".BTF", content: builder.build(), alignment: 4n });
    image.addSection({ name: ".BTF.ext", content: ext, alignment: 4n });
  }
  if (spec.configs.size > 0) {
    image.addSection({ name: CONFIG_SECTION, content: encodeConfigs(spec), type: sectionTypes.strings });
  }
  for (const [index, section] of code.entries()) {
    const relocations = section.relocations.map(({ offset, type, target }) => {
      const symbol = symbols.get(symbolKey(target));
      if (symbol === undefined)
        throw new ObjectError(`section "${section.name}" refers to an unknown ${describe(target)}`);
      return { offset, type, symbol };
    });
    image.addRelocations(indices[index] ?? 0, relocations);
  }
  return image.finish();
}

/** `.text` first, as clang does; then the programs' sections. */
function codeSections(spec: ObjectSpec): CodeSection[] {
  const btf = spec.btf && parseBtf(spec.btf);
  const text = new CodeSection(".text");
  const sections = new Map([[text.name, text]]);
  for (const program of spec.programs.values()) {
    const own = sections.get(program.section) ?? new CodeSection(program.section);
    sections.set(own.name, own);
    for (const range of functionsOf(program, btf)) (range.start === 0 ? own : text).add(program, range);
  }
  return [...sections.values()].filter((section) => section.instructions.length > 0);
}

function addCode(image: ElfImage, section: CodeSection, symbols: Map<string, ElfSymbol>): number {
  const content = encodeInstructions(section.instructions);
  const flags = sectionFlags.allocate | sectionFlags.code;
  const index = image.addSection({ name: section.name, content, flags, alignment: 8n });
  for (const { name, program, start, slot, length } of section.functions) {
    const symbol = image.addSymbol({
      name,
      section: index,
      value: slot * SLOT_SIZE,
      size: length * SLOT_SIZE,
      type: symbolTypes.function,
      // Loaders take each global function outside .text for a program.
      binding: start === 0 ? "global" : "local",
    });
    symbols.set(symbolKey({ kind: "function", program, slot: start }), symbol);
  }
  return index;
}

function addMaps(image: ElfImage, builder: BtfBuilder, spec: ObjectSpec, symbols: Map<string, ElfSymbol>): void {
  if (spec.maps.size === 0) return;
  const definitions = defineMaps(builder, spec.maps.values(), spec.btf);
  const content = new Uint8Array(definitions.reduce((sum, { size }) => sum + size, 0));
  const flags = sectionFlags.allocate | sectionFlags.write;
  const section = image.addSection({ name: ".maps", content, flags, alignment: 8n });
  for (const { name, offset, size } of definitions) {
    const symbol = { name, section, value: offset, size, type: symbolTypes.object, binding: "global" } as const;
    symbols.set(symbolKey({ kind: "map", name }), image.addSymbol(symbol));
  }
}

function symbolKey(target: CodeTarget): string {
  return target.kind === "map" ? `map ${target.name}` : `function ${target.slot} of ${target.program}`;
}

function describe(target: CodeTarget): string {
  return target.kind === "map" ? `map "${target.name}"` : `function at slot ${target.slot} of "${target.program}"`;
}
