import { ByteWriter } from "../byte-writer.ts";
import { StringTable } from "../string-table.ts";
import {
  bindings,
  ElfHeader,
  IDENTIFICATION,
  MACHINE_BPF,
  RelocationRecord,
  SectionHeader,
  SymbolRecord,
  sectionFlags,
  sectionTypes,
  TYPE_RELOCATABLE,
} from "./format.ts";

export interface SectionContent {
  readonly name: string;
  /** Of `sectionTypes`; data when left out. */
  readonly type?: number;
  /** Of a section of zeros only the length counts. */
  readonly content: Uint8Array;
  readonly flags?: bigint;
  readonly alignment?: bigint;
}

export interface ElfSymbol {
  readonly name: string;
  /** Index of the section it is in; 0 for what is not in the object. */
  readonly section: number;
  readonly value: number;
  readonly size: number;
  readonly type: number;
  readonly binding: keyof typeof bindings;
}

export interface ElfRelocation {
  /** Bytes from the start of the section that is changed. */
  readonly offset: number;
  readonly type: number;
  readonly symbol: ElfSymbol;
}

interface Section extends SectionContent {
  readonly type: number;
  readonly link?: number;
  readonly info?: number;
  readonly entrySize?: bigint;
}

/** A relocatable ELF file for eBPF in the making. */
export class ElfImage {
  readonly #strings = new StringTable();
  readonly #sections: Section[] = [{ name: "", content: new Uint8Array(), type: sectionTypes.null, alignment: 0n }];
  readonly #symbols: ElfSymbol[] = [];
  readonly #relocations = new Map<number, readonly ElfRelocation[]>();

  /** The index of the new section. */
  addSection(section: SectionContent): number {
    return this.#push({ type: sectionTypes.data, ...section });
  }

  addSymbol(symbol: ElfSymbol): ElfSymbol {
    this.#symbols.push(symbol);
    return symbol;
  }

  /** What changes the section with index `target`. */
  addRelocations(target: number, relocations: readonly ElfRelocation[]): void {
    if (relocations.length > 0) this.#relocations.set(target, relocations);
  }

  finish(): Uint8Array {
    this.#addTables();
    const file = new ByteWriter();
    const headers = this.#sections.map((section) => this.#sectionHeader(section));
    const size = headers.reduce((at, header, index) => this.#place(at, header, index), ElfHeader.size);
    const sectionHeaders = (size + 7) & ~7;
    file.record(ElfHeader, {
      identification: IDENTIFICATION,
      type: TYPE_RELOCATABLE,
      machine: MACHINE_BPF,
      version: 1,
      entry: 0n,
      programHeaders: 0n,
      sectionHeaders: BigInt(sectionHeaders),
      flags: 0,
      headerSize: ElfHeader.size,
      programHeaderSize: 0,
      programHeaderCount: 0,
      sectionHeaderSize: SectionHeader.size,
      sectionHeaderCount: headers.length,
      nameSection: headers.length - 1,
    });
    for (const [index, section] of this.#sections.entries()) {
      if (index === 0) continue;
      file.align(Number(section.alignment ?? 1n));
      if (section.type !== sectionTypes.zeros) file.append(section.content);
    }
    file.align(8);
    for (const header of headers) file.record(SectionHeader, header);
    return file.finish();
  }

  #push(section: Section): number {
    return this.#sections.push(section) - 1;
  }

  /** The symbol table, the relocations that point into it, and last the names of all. */
  #addTables(): void {
    const symbols = [
      ...this.#symbols.filter((symbol) => symbol.binding === "local"),
      ...this.#symbols.filter((symbol) => symbol.binding !== "local"),
    ];
    const table = new ByteWriter();
    table.record(SymbolRecord, { name: 0, info: 0, visibility: 0, section: 0, value: 0n, size: 0n });
    for (const symbol of symbols) {
      table.record(SymbolRecord, {
        name: this.#strings.add(symbol.name),
        info: (bindings[symbol.binding] << 4) | symbol.type,
        visibility: 0,
        section: symbol.section,
        value: BigInt(symbol.value),
        size: BigInt(symbol.size),
      });
    }
    const symbolTable = this.#push({
      name: ".symtab",
      content: table.finish(),
      type: sectionTypes.symbols,
      link: this.#sections.length + this.#relocations.size + 1,
      info: 1 + this.#symbols.filter((symbol) => symbol.binding === "local").length,
      entrySize: BigInt(SymbolRecord.size),
      alignment: 8n,
    });
    for (const [target, relocations] of this.#relocations) {
      const content = new ByteWriter();
      for (const { offset, type, symbol } of relocations) {
        content.record(RelocationRecord, { offset: BigInt(offset), type, symbol: symbols.indexOf(symbol) + 1 });
      }
      this.#push({
        name: `.rel${this.#sections[target]?.name}`,
        content: content.finish(),
        type: sectionTypes.relocations,
        flags: sectionFlags.info,
        link: symbolTable,
        info: target,
        entrySize: BigInt(RelocationRecord.size),
        alignment: 8n,
      });
    }
    for (const { name } of this.#sections) this.#strings.add(name);
    this.#strings.add(".strtab");
    this.#push({ name: ".strtab", content: this.#strings.build(), type: sectionTypes.strings });
  }

  #sectionHeader(section: Section) {
    return {
      name: this.#strings.add(section.name),
      type: section.type,
      flags: section.flags ?? 0n,
      address: 0n,
      offset: 0n,
      size: BigInt(section.content.length),
      link: section.link ?? 0,
      info: section.info ?? 0,
      alignment: section.alignment ?? 1n,
      entrySize: section.entrySize ?? 0n,
    };
  }

  /** Gives a section its place in the file; the end of it. */
  #place(
    end: number,
    header: { type: number; offset: bigint; size: bigint; alignment: bigint },
    index: number,
  ): number {
    if (index === 0) return end;
    const alignment = Number(header.alignment);
    const offset = Math.ceil(end / alignment) * alignment;
    header.offset = BigInt(offset);
    return header.type === sectionTypes.zeros ? offset : offset + Number(header.size);
  }
}
