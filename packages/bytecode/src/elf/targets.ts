import type { Btf } from "../btf/btf.ts";
import { SLOT_SIZE } from "../encoding.ts";
import type { Instruction } from "../instruction.ts";
import type { ObjectError } from "../object-error.ts";
import { formOf } from "../opcodes.ts";
import type { ElfFile, FileSymbol } from "./file.ts";
import { RELOCATION_ADDRESS, RELOCATION_CALL } from "./format.ts";
import type { ReadFunction } from "./read-functions.ts";
import type { ReadMap } from "./read-maps.ts";

/** What an instruction of an object file refers to. */
export type Target =
  | { readonly kind: "function"; readonly function: ReadFunction; readonly use: "call" | "address" }
  | { readonly kind: "map"; readonly map: string }
  | { readonly kind: "map-value"; readonly map: string; readonly offset: number }
  | {
      readonly kind: "kernel-function";
      readonly name: string;
      readonly optional: boolean;
      readonly use: "call" | "address";
    };

/** Finds out from relocations and distances what instructions refer to. */
export class Targets {
  readonly #elf: ElfFile;
  readonly #btf: Btf | undefined;
  readonly #functions: ReadonlyMap<string, ReadFunction>;
  readonly #maps: readonly ReadMap[];

  constructor(elf: ElfFile, btf: Btf | undefined, functions: readonly ReadFunction[], maps: readonly ReadMap[]) {
    this.#elf = elf;
    this.#btf = btf;
    this.#functions = new Map(functions.map((one) => [`${one.section.index} ${one.start}`, one]));
    this.#maps = maps;
  }

  /** What the instruction at a slot of a function refers to, undefined when it refers to nothing. */
  of(part: ReadFunction, slot: number): Target | undefined {
    const instruction = part.instructions[slot];
    const relocation = part.relocations.get(slot);
    const effect = instruction && formOf(instruction)?.effect;
    const isCall = effect?.kind === "call" && effect.target === "function";
    if (instruction === undefined || (relocation === undefined && !isCall)) return undefined;
    if (relocation === undefined) {
      return this.#function(part, slot, part.section.index, part.start + slot + instruction.immediate + 1, "call");
    }
    const { symbol, type } = relocation;
    if (isCall && type === RELOCATION_CALL) {
      if (symbol.section === 0) return this.#extern(part, slot, symbol, "call");
      const start = symbol.value / SLOT_SIZE + instruction.immediate + 1;
      return this.#function(part, slot, symbol.section, start, "call", symbol.name);
    }
    if (effect?.kind === "load64" && type === RELOCATION_ADDRESS) {
      if (symbol.section === 0) return this.#extern(part, slot, symbol, "address");
      return this.#address(part, slot, symbol, instruction);
    }
    const problem = `has a relocation of type ${type} against "${symbol.name}", which weir does not know`;
    throw this.#error(part, slot, problem);
  }

  #function(
    part: ReadFunction,
    slot: number,
    section: number,
    start: number,
    use: "call" | "address",
    name = "",
  ): Target {
    const found = this.#functions.get(`${section} ${start}`);
    if (found !== undefined) return { kind: "function", function: found, use };
    const wanted = name || `the function at slot ${start}`;
    throw this.#error(
      part,
      slot,
      `${use === "call" ? "calls" : "refers to"} ${wanted}, which the object does not define`,
    );
  }

  /** What a 64-bit load gives: the address of a function, a map or a variable. */
  #address(part: ReadFunction, slot: number, symbol: FileSymbol, { immediate }: Instruction): Target {
    const offset = symbol.value + immediate;
    const section = this.#elf.sections[symbol.section];
    if (section?.isCode) {
      return this.#function(part, slot, section.index, offset / SLOT_SIZE, "address", symbol.name);
    }
    const inSection = this.#maps.filter((candidate) => candidate.section === symbol.section);
    const data = inSection.find(({ spec }) => spec.contents !== undefined)?.spec;
    if (data !== undefined) {
      if (offset >= 0 && offset <= data.valueSize) return { kind: "map-value", map: data.name, offset };
      throw this.#error(part, slot, `refers to byte ${offset} of section "${data.name}", which has ${data.valueSize}`);
    }
    const map = inSection.find((candidate) => candidate.offset === offset);
    if (map !== undefined) return { kind: "map", map: map.spec.name };
    const place = section === undefined ? "a section that is not there" : `section "${section.name}"`;
    throw this.#error(part, slot, `uses the address of "${symbol.name}" in ${place}, which weir does not load`);
  }

  /** Something that the object uses and the kernel defines. */
  #extern(part: ReadFunction, slot: number, { name, isWeak }: FileSymbol, use: "call" | "address"): Target {
    const declared = this.#declared(name);
    if (declared?.section === ".ksyms" && declared.kind === "function") {
      return { kind: "kernel-function", name, optional: isWeak, use };
    }
    const verb = use === "call" ? "calls" : "refers to";
    if (declared === undefined) throw this.#error(part, slot, `${verb} "${name}", which the object does not define`);
    const what = declared.section === ".kconfig" ? "a value of the kernel's configuration" : "a variable of the kernel";
    throw this.#error(
      part,
      slot,
      `${verb} "${name}" of section "${declared.section}", ${what}: weir does not load those`,
    );
  }

  #declared(name: string): { section: string; kind: string } | undefined {
    for (const section of [".ksyms", ".kconfig"]) {
      const variables = this.#btf?.find("section", section)?.type.variables ?? [];
      for (const { type: id } of variables) {
        const type = this.#btf?.type(id);
        if (type !== undefined && "name" in type && type.name === name) return { section, kind: type.kind };
      }
    }
    return undefined;
  }

  #error(part: ReadFunction, slot: number, problem: string): ObjectError {
    const at = (part.start + slot) * SLOT_SIZE;
    return part.section.content.error(`(function "${part.name}", slot ${slot}) ${problem}`, at);
  }
}
