import type { PlacedRelocation, SectionInfo } from "../btf/ext.ts";
import { decodeInstructions, SLOT_SIZE } from "../encoding.ts";
import type { Instruction } from "../instruction.ts";
import type { FunctionInfo, LineInfo } from "../spec.ts";
import type { ElfFile, FileRelocation, FileSection } from "./file.ts";
import { symbolTypes } from "./format.ts";

/** A function as it lies in its section; slots in it count from its start. */
export interface ReadFunction {
  readonly name: string;
  readonly section: FileSection;
  /** Where it starts in its section. */
  readonly start: number;
  readonly isGlobal: boolean;
  readonly instructions: readonly Instruction[];
  readonly relocations: ReadonlyMap<number, FileRelocation>;
  readonly functions: readonly FunctionInfo[];
  readonly lines: readonly LineInfo[];
  readonly kernelTypes: readonly PlacedRelocation[];
}

/** The functions of all code sections. A function reaches to the next one, or to the end of its section. */
export function readFunctions(elf: ElfFile, infos: ReadonlyMap<string, SectionInfo>): ReadFunction[] {
  return elf.sections
    .filter((section) => section.isCode && section.size > 0)
    .flatMap((section) => readSection(elf, section, infos.get(section.name)));
}

function readSection(elf: ElfFile, section: FileSection, info: SectionInfo | undefined): ReadFunction[] {
  if (section.content.length % SLOT_SIZE !== 0) throw section.content.error("is no whole number of instructions");
  const instructions = decodeInstructions(section.content.bytes);
  const relocations = elf.relocations(section);
  const symbols = elf.symbols.filter(
    (symbol) => symbol.section === section.index && symbol.type === symbolTypes.function,
  );
  symbols.sort((left, right) => left.value - right.value);
  return symbols.map(({ name, value, isGlobal }, index) => {
    const start = value / SLOT_SIZE;
    const end = (symbols[index + 1]?.value ?? section.size) / SLOT_SIZE;
    if (!Number.isInteger(start) || end > instructions.length || start >= end) {
      throw section.content.error(`has no instructions for function "${name}"`, value);
    }
    const inside = (entry: { slot: number }): boolean => entry.slot >= start && entry.slot < end;
    const moved = <Entry extends { slot: number }>(entry: Entry): Entry => ({ ...entry, slot: entry.slot - start });
    return {
      name,
      section,
      start,
      isGlobal,
      instructions: instructions.slice(start, end),
      relocations: new Map(
        [...relocations].flatMap(([offset, relocation]) => {
          const slot = offset / SLOT_SIZE;
          return inside({ slot }) ? [[slot - start, relocation]] : [];
        }),
      ),
      functions: info?.functions.filter(inside).map(moved) ?? [],
      lines: info?.lines.filter(inside).map(moved) ?? [],
      kernelTypes: info?.kernelTypes.filter(inside).map(moved) ?? [],
    };
  });
}
