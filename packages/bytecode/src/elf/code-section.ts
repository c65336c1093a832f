import type { PlacedRelocation, SectionInfo } from "../btf/ext.ts";
import { SLOT_SIZE } from "../encoding.ts";
import type { Instruction } from "../instruction.ts";
import type { FunctionInfo, LineInfo, Reference } from "../spec.ts";
import type { GlobalVariable } from "../variables.ts";
import { type CodeLayout, FUNCTION_SECTION, type PlacedFunction } from "./code-layout.ts";
import type { ConfigReference } from "./config-section.ts";
import { RELOCATION_ADDRESS, RELOCATION_CALL } from "./format.ts";
import { functionTarget, functionUse } from "./functions.ts";

/** What a relocation of a code section refers to. */
export type CodeTarget =
  | { readonly kind: "map"; readonly name: string }
  | { readonly kind: "variable"; readonly section: string; readonly name: string }
  | { readonly kind: "section"; readonly name: string }
  | { readonly kind: "function"; readonly placed: PlacedFunction }
  | { readonly kind: "kernel-function"; readonly name: string; readonly optional: boolean };

export interface CodeRelocation {
  readonly offset: number;
  readonly type: number;
  readonly target: CodeTarget;
}

/** Finds the variable that a byte of a section belongs to. */
export type VariableFinder = (section: string, offset: number) => GlobalVariable | undefined;

/** The code of one ELF section, made of functions of one or more programs. */
export class CodeSection {
  readonly name: string;
  readonly instructions: Instruction[] = [];
  readonly functions: readonly PlacedFunction[];
  readonly relocations: CodeRelocation[] = [];
  readonly configs: ConfigReference[] = [];
  readonly #layout: CodeLayout;
  readonly #variableAt: VariableFinder;
  readonly #functionInfo: FunctionInfo[] = [];
  readonly #lines: LineInfo[] = [];
  readonly #kernelTypes: PlacedRelocation[] = [];

  constructor(name: string, functions: readonly PlacedFunction[], layout: CodeLayout, variableAt: VariableFinder) {
    this.name = name;
    this.functions = functions;
    this.#layout = layout;
    this.#variableAt = variableAt;
    for (const placed of functions) this.#add(placed);
  }

  get info(): SectionInfo {
    return {
      section: this.name,
      functions: this.#functionInfo,
      lines: this.#lines,
      kernelTypes: this.#kernelTypes,
    };
  }

  #add(placed: PlacedFunction): void {
    const { program, start, end, slot: base } = placed;
    const moved = <Entry extends { slot: number }>(entries: readonly Entry[]): Entry[] =>
      entries
        .filter(({ slot }) => slot >= start && slot < end)
        .map((entry) => ({ ...entry, slot: entry.slot - start + base }));
    this.#functionInfo.push(...moved(program.functions));
    this.#lines.push(...moved(program.lines));
    this.instructions.push(...program.instructions.slice(start, end));
    for (const reference of moved(program.references)) this.#refer(reference);
    for (let slot = start; slot < end; slot++) this.#link(placed, slot);
  }

  /** Takes note of a reference, with nothing in the places that a relocation fills, as linkers expect it. */
  #refer(reference: Reference): void {
    const { slot } = reference;
    switch (reference.kind) {
      case "config":
        this.configs.push({ config: reference.config, section: this.name, slot });
        return;
      case "kernel-type": {
        const { question, type, access } = reference;
        this.#kernelTypes.push({ slot, question, type, access });
        return;
      }
      case "map":
        this.#relocate(slot, RELOCATION_ADDRESS, { kind: "map", name: reference.map }, { source: 0, immediate: 0 });
        return;
      case "map-value": {
        const { map, offset } = reference;
        const variable = this.#variableAt(map, offset);
        const target =
          variable === undefined
            ? ({ kind: "section", name: map } as const)
            : ({ kind: "variable", section: map, name: variable.name } as const);
        const immediate = offset - (variable?.offset ?? 0);
        this.#relocate(slot, RELOCATION_ADDRESS, target, { source: 0, immediate });
        this.#replace(slot + 1, { immediate: 0 });
        return;
      }
      case "kernel-function": {
        const { name, optional } = reference;
        const target = { kind: "kernel-function", name, optional } as const;
        const isAddress = this.instructions[slot + 1]?.opcode === 0;
        if (isAddress) this.#relocate(slot, RELOCATION_ADDRESS, target, { source: 0, immediate: 0 });
        else this.#relocate(slot, RELOCATION_CALL, target, { source: 1, immediate: -1 });
      }
    }
  }

  /** Calls and addresses of functions of the program. */
  #link({ program, start, slot: base }: PlacedFunction, slot: number): void {
    const instruction = program.instructions[slot];
    const target = instruction && functionTarget(instruction, slot);
    if (instruction === undefined || target === undefined) return;
    const at = slot - start + base;
    const placed = this.#layout.at(program, target);
    if (functionUse(instruction) === "call") {
      // The distance counts from the slot behind the call, so -1 is the function itself.
      this.#relocate(at, RELOCATION_CALL, { kind: "function", placed }, { immediate: -1 });
      return;
    }
    // libbpf wants addresses of functions that are not global to count from their section.
    const values = { source: 0, immediate: placed.slot * SLOT_SIZE };
    this.#relocate(at, RELOCATION_ADDRESS, { kind: "section", name: FUNCTION_SECTION }, values);
  }

  #relocate(slot: number, type: number, target: CodeTarget, values: Partial<Instruction>): void {
    this.relocations.push({ offset: slot * SLOT_SIZE, type, target });
    this.#replace(slot, values);
  }

  #replace(slot: number, values: Partial<Instruction>): void {
    const instruction = this.instructions[slot];
    if (instruction !== undefined) this.instructions[slot] = { ...instruction, ...values };
  }
}
