import { SLOT_SIZE } from "../encoding.ts";
import type { Instruction } from "../instruction.ts";
import type { ObjectError } from "../object-error.ts";
import { formOf } from "../opcodes.ts";
import type { ProgramSpec, Reference } from "../spec.ts";
import type { ElfFile, FileRelocation } from "./file.ts";
import { RELOCATION_ADDRESS } from "./format.ts";
import type { ReadFunction } from "./read-functions.ts";
import type { ReadMap } from "./read-maps.ts";

/** Puts programs together from the functions of an object. */
export class Linker {
  readonly #elf: ElfFile;
  readonly #functions: readonly ReadFunction[];
  readonly #maps: readonly ReadMap[];

  constructor(elf: ElfFile, functions: readonly ReadFunction[], maps: readonly ReadMap[]) {
    this.#elf = elf;
    this.#functions = functions;
    this.#maps = maps;
  }

  /** The program whose first function is `main`, with what it calls behind it in the order of the file. */
  link(main: ReadFunction): ProgramSpec {
    const parts = [main, ...this.#called(main)];
    const starts = new Map<ReadFunction, number>();
    let length = 0;
    for (const part of parts) {
      starts.set(part, length);
      length += part.instructions.length;
    }
    const references: Reference[] = [];
    const instructions = parts.flatMap((part) =>
      part.instructions.map((instruction, slot): Instruction => {
        const at = (starts.get(part) ?? 0) + slot;
        const callee = this.#callee(part, instruction, slot);
        if (callee !== undefined) return { ...instruction, immediate: (starts.get(callee) ?? 0) - at - 1 };
        const relocation = part.relocations.get(slot);
        if (relocation === undefined) return instruction;
        references.push({ kind: "map", slot: at, map: this.#map(part, instruction, slot, relocation) });
        return { ...instruction, source: MAP_ADDRESS, immediate: 0 };
      }),
    );
    const moved = <Entry extends { slot: number }>(part: ReadFunction, entries: readonly Entry[]): Entry[] =>
      entries.map((entry) => ({ ...entry, slot: entry.slot + (starts.get(part) ?? 0) }));
    return {
      name: main.name,
      section: main.section.name,
      type: "xdp",
      frags: main.section.name === "xdp.frags",
      instructions: Object.freeze(instructions),
      references,
      functions: Object.freeze(parts.flatMap((part) => moved(part, part.functions))),
      lines: Object.freeze(parts.flatMap((part) => moved(part, part.lines))),
    };
  }

  /** All functions that can be reached from `main`, itself left out. */
  #called(main: ReadFunction): ReadFunction[] {
    const reached = new Set([main]);
    // The set grows while it is gone through.
    for (const caller of reached) {
      for (const [slot, instruction] of caller.instructions.entries()) {
        const callee = this.#callee(caller, instruction, slot);
        if (callee !== undefined) reached.add(callee);
      }
    }
    return this.#functions.filter((candidate) => candidate !== main && reached.has(candidate));
  }

  #callee(caller: ReadFunction, instruction: Instruction, slot: number): ReadFunction | undefined {
    const effect = formOf(instruction)?.effect;
    if (effect?.kind !== "call" || effect.target !== "function") return undefined;
    const symbol = caller.relocations.get(slot)?.symbol;
    const section = symbol?.section ?? caller.section.index;
    const base = symbol === undefined ? caller.start + slot : symbol.value / SLOT_SIZE;
    const start = base + instruction.immediate + 1;
    const callee = this.#functions.find(
      (candidate) => candidate.section.index === section && candidate.start === start,
    );
    if (callee !== undefined) return callee;
    const name = symbol?.name || `the function at slot ${start}`;
    throw this.#error(caller, slot, `calls ${name}, which the object does not define`);
  }

  #map(part: ReadFunction, instruction: Instruction, slot: number, { type, symbol }: FileRelocation): string {
    if (type === RELOCATION_ADDRESS && formOf(instruction)?.effect.kind === "load64") {
      const offset = symbol.value + instruction.immediate;
      const map = this.#maps.find((candidate) => candidate.section === symbol.section && candidate.offset === offset);
      if (map !== undefined) return map.spec.name;
      const section = this.#elf.sections[symbol.section];
      throw section === undefined || section.index === 0
        ? this.#error(part, slot, `refers to "${symbol.name}", which the object does not define`)
        : this.#error(part, slot, `uses the address of data in section "${section.name}"; weir knows only maps`);
    }
    throw this.#error(
      part,
      slot,
      `has a relocation of type ${type} against "${symbol.name}", which weir does not know`,
    );
  }

  #error(part: ReadFunction, slot: number, problem: string): ObjectError {
    const at = (part.start + slot) * SLOT_SIZE;
    return part.section.content.error(`(function "${part.name}", slot ${slot}) ${problem}`, at);
  }
}

/** `BPF_PSEUDO_MAP_FD`: the source of a 64-bit load whose immediate is a map's descriptor. */
const MAP_ADDRESS = 1;
