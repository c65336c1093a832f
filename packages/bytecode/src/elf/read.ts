import { decodeBtfExt, type SectionInfo } from "../btf/ext.ts";
import { parseBtf } from "../btf/index.ts";
import { type Placement, placeSections } from "../btf/place-sections.ts";
import { ByteReader } from "../byte-reader.ts";
import { SLOT_SIZE } from "../encoding.ts";
import { ObjectError } from "../object-error.ts";
import type { ObjectSpec, ProgramSpec } from "../spec.ts";
import { CONFIG_SECTION, type ConfigReference, decodeConfigs } from "./config-section.ts";
import { ElfFile } from "./file.ts";
import { decodeInlined, INLINED_SECTION } from "./inlined-section.ts";
import { Linker } from "./link.ts";
import { isDataSection, readData } from "./read-data.ts";
import { readFunctions } from "./read-functions.ts";
import { readMaps } from "./read-maps.ts";
import { Targets } from "./targets.ts";

/**
 * Reads an eBPF object file: one of ours or one that clang made for libbpf.
 *
 * @example
 * ```ts
 * const object = readObject(readFileSync("monitor.o"));
 * object.programs.get("xdp_packet_monitor")?.instructions.length; // 234
 * ```
 * @throws {ObjectError} `WEIR_OBJECT` for damaged files, with the offset of the damage, and for what weir does not load: other
 * program types than those of `ProgramType`, legacy map definitions, variables and configuration of the kernel.
 */
export function readObject(bytes: Uint8Array): ObjectSpec {
  const elf = new ElfFile(new ByteReader(bytes, "the object file"));
  const section = elf.section(".BTF")?.content;
  const types = section && placeSections(section.bytes, parseBtf(section.bytes, section.offset), placementIn(elf));
  const btf = types && parseBtf(types);
  const ext = elf.section(".BTF.ext")?.content;
  const infos: Map<string, SectionInfo> = ext && btf ? decodeBtfExt(ext, btf) : new Map();
  const inlined = elf.section(INLINED_SECTION)?.content;
  checkSections(elf);
  const functions = readFunctions(elf, inlined ? decodeInlined(inlined, infos) : infos);
  const maps = [...readMaps(elf, btf), ...readData(elf, btf)];
  const configSection = elf.section(CONFIG_SECTION)?.content;
  const { configs, references } = configSection ? decodeConfigs(configSection) : { configs: new Map(), references: [] };
  checkConfigs(elf, references);
  const linker = new Linker(new Targets(elf, btf, functions, maps), references);

  const programs = new Map<string, ProgramSpec>();
  for (const main of functions) {
    if (main.section.name === ".text") continue;
    if (main.isGlobal) programs.set(main.name, linker.link(main));
  }
  const license = elf.section("license")?.content;
  return Object.freeze({
    license: license === undefined ? "" : license.text(0),
    maps: new Map(maps.map(({ spec }) => [spec.name, spec])),
    programs,
    configs,
    btf: types,
  });
}

/** What is loaded besides code and data, or means nothing to loaders: what libxdp wants to know is in BTF. */
const KNOWN = /^(license|version|\.maps|\.kconfig|\.ksyms|\.eh_frame|\.llvm_addrsig|xdp_metadata|\.xdp_run_config)$/;

/** Refuses what would have to be loaded and is not, rather than load less than the whole. */
function checkSections(elf: ElfFile): void {
  for (const section of elf.sections) {
    if (!section.isLoaded || section.isCode || section.size === 0) continue;
    if (KNOWN.test(section.name) || isDataSection(section)) continue;
    const advice = section.name === "maps" ? ': maps are defined in ".maps", as BTF describes them' : "";
    throw section.content.error(`is of a kind that weir does not load${advice}`);
  }
}

/** Values that lie behind the end of their section were written for another object. */
function checkConfigs(elf: ElfFile, references: readonly ConfigReference[]): void {
  for (const { config, section, slot } of references) {
    const size = elf.section(section)?.size ?? 0;
    if ((slot + 1) * SLOT_SIZE <= size) continue;
    throw new ObjectError(`config "${config}" is said to be in slot ${slot} of section "${section}", behind its end`);
  }
}

function placementIn(elf: ElfFile): Placement {
  const hidden = new Set(elf.symbols.filter(({ isHidden }) => isHidden).map(({ name }) => name));
  return {
    section(name) {
      const section = elf.section(name);
      if (section === undefined) return undefined;
      const symbols = elf.symbols.filter((symbol) => symbol.section === section.index);
      return {
        size: section.size,
        offsetOf: (variable) => symbols.find((symbol) => symbol.name === variable)?.value,
      };
    },
    isHidden: (name) => hidden.has(name),
  };
}
