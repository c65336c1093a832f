import type { ByteReader } from "../byte-reader.ts";
import {
  bindings,
  ElfHeader,
  hiddenVisibilities,
  IDENTIFICATION,
  MACHINE_BPF,
  RelocationRecord,
  SectionHeader,
  SymbolRecord,
  sectionFlags,
  sectionTypes,
  TYPE_RELOCATABLE,
} from "./format.ts";

export interface FileSection {
  readonly index: number;
  readonly name: string;
  readonly type: number;
  readonly isCode: boolean;
  /** Part of what is loaded: code, data, definitions; not symbols, names and debug information. */
  readonly isLoaded: boolean;
  readonly size: number;
  /** Empty for sections of zeros, which take no room in the file. */
  readonly content: ByteReader;
  /** Index of the section with the names of a symbol table. */
  readonly link: number;
  /** Index of the section that relocations in this one change. */
  readonly info: number;
}

export interface FileSymbol {
  readonly name: string;
  /** 0 for what the object does not define. */
  readonly section: number;
  readonly value: number;
  /** `STT_*`. */
  readonly type: number;
  readonly isGlobal: boolean;
  /** May be defined nowhere. */
  readonly isWeak: boolean;
  /** Global, but only within this object. */
  readonly isHidden: boolean;
}

export interface FileRelocation {
  readonly offset: number;
  readonly type: number;
  readonly symbol: FileSymbol;
}

/** The tables of a relocatable eBPF file. */
export class ElfFile {
  readonly sections: readonly FileSection[];
  readonly symbols: readonly FileSymbol[];

  constructor(file: ByteReader) {
    this.sections = readSections(file);
    const table = this.sections.find((section) => section.type === sectionTypes.symbols);
    this.symbols = table === undefined ? [] : readSymbols(table.content, this.#stringsOf(table, file));
  }

  section(name: string): FileSection | undefined {
    return this.sections.find((section) => section.name === name);
  }

  /** What changes this section, by offset into it. */
  relocations(target: FileSection): Map<number, FileRelocation> {
    const found = new Map<number, FileRelocation>();
    for (const section of this.sections) {
      if (section.type !== sectionTypes.relocations || section.info !== target.index) continue;
      for (const record of section.content.records(RelocationRecord)) {
        const symbol = this.symbols[record.symbol];
        if (symbol === undefined)
          throw section.content.error(`refers to symbol ${record.symbol}, which does not exist`);
        found.set(Number(record.offset), { offset: Number(record.offset), type: record.type, symbol });
      }
    }
    return found;
  }

  #stringsOf(table: FileSection, file: ByteReader): ByteReader {
    const strings = this.sections[table.link];
    if (strings?.type !== sectionTypes.strings) throw file.error("has a symbol table without names");
    return strings.content;
  }
}

function readSections(file: ByteReader): FileSection[] {
  const header = file.record(ElfHeader, 0);
  if (!IDENTIFICATION.subarray(0, 4).every((byte, index) => byte === header.identification[index])) {
    throw file.error("is not an ELF file");
  }
  if (header.identification[4] !== IDENTIFICATION[4] || header.identification[5] !== IDENTIFICATION[5]) {
    throw file.error("is not a 64-bit little-endian ELF file", 4);
  }
  if (header.machine !== MACHINE_BPF || header.type !== TYPE_RELOCATABLE) {
    throw file.error(`is not an eBPF object (machine ${header.machine}, type ${header.type})`, 16);
  }
  const start = Number(header.sectionHeaders);
  const length = header.sectionHeaderCount * SectionHeader.size;
  const records = file.part("the section headers", start, length).records(SectionHeader);
  const contents = records.map((record, index) => {
    const isEmpty = record.type === sectionTypes.null || record.type === sectionTypes.zeros;
    return file.part(`section ${index}`, Number(record.offset), isEmpty ? 0 : Number(record.size));
  });
  const names = contents[header.nameSection];
  if (names === undefined) throw file.error("has no section names", 62);
  return records.map((record, index) => {
    const name = names.text(record.name);
    return {
      index,
      name,
      type: record.type,
      isCode: (record.flags & sectionFlags.code) !== 0n,
      isLoaded: (record.flags & sectionFlags.allocate) !== 0n,
      size: Number(record.size),
      content: file.part(`section ${index} "${name}"`, Number(record.offset), contents[index]?.length ?? 0),
      link: record.link,
      info: record.info,
    };
  });
}

function readSymbols(table: ByteReader, strings: ByteReader): FileSymbol[] {
  return table.records(SymbolRecord).map((record) => ({
    name: strings.text(record.name),
    section: record.section,
    value: Number(record.value),
    type: record.info & 0xf,
    isGlobal: record.info >> 4 !== bindings.local,
    isWeak: record.info >> 4 === bindings.weak,
    isHidden: hiddenVisibilities.includes(record.visibility & 3),
  }));
}
