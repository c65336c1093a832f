import type { SectionInfo } from "../btf/ext.ts";
import { SLOT_SIZE } from "../encoding.ts";
import type { Instruction } from "../instruction.ts";
import { ObjectError } from "../object-error.ts";
import type { FunctionInfo, LineInfo, ProgramSpec } from "../spec.ts";
import { RELOCATION_ADDRESS, RELOCATION_CALL } from "./format.ts";
import { callTarget, type FunctionRange } from "./functions.ts";

/** What a relocation of a code section refers to. */
export type CodeTarget =
  | { readonly kind: "map"; readonly name: string }
  | { readonly kind: "function"; readonly program: string; readonly slot: number };

/** A function in its place; `slot` counts from the start of the section. */
interface PlacedFunction {
  readonly name: string;
  readonly program: string;
  /** Where it starts in its program. */
  readonly start: number;
  readonly slot: number;
  readonly length: number;
}

/** The code of one ELF section, made of functions of one or more programs. */
export class CodeSection {
  readonly name: string;
  readonly instructions: Instruction[] = [];
  readonly functions: PlacedFunction[] = [];
  readonly relocations: { readonly offset: number; readonly type: number; readonly target: CodeTarget }[] = [];
  readonly #functionInfo: FunctionInfo[] = [];
  readonly #lines: LineInfo[] = [];

  constructor(name: string) {
    this.name = name;
  }

  get info(): SectionInfo {
    return { section: this.name, functions: this.#functionInfo, lines: this.#lines };
  }

  add(program: ProgramSpec, { name, start, end }: FunctionRange): void {
    const slot = this.instructions.length;
    const inside = (entry: { slot: number }): boolean => entry.slot >= start && entry.slot < end;
    const moved = <Entry extends { slot: number }>(entry: Entry): Entry => ({
      ...entry,
      slot: entry.slot - start + slot,
    });
    const maps = new Map(
      program.references.flatMap((reference) => (reference.kind === "map" ? [[reference.slot, reference.map]] : [])),
    );
    this.functions.push({ name, program: program.name, start, slot, length: end - start });
    this.#functionInfo.push(...program.functions.filter(inside).map(moved));
    this.#lines.push(...program.lines.filter(inside).map(moved));
    for (const [index, instruction] of program.instructions.slice(start, end).entries()) {
      this.instructions.push(this.#relocated(program, instruction, start + index, maps.get(start + index)));
    }
  }

  /** The instruction as linkers expect it: nothing in the places that a relocation fills. */
  #relocated(program: ProgramSpec, instruction: Instruction, slot: number, map: string | undefined): Instruction {
    const offset = this.instructions.length * SLOT_SIZE;
    if (map !== undefined) {
      this.relocations.push({ offset, type: RELOCATION_ADDRESS, target: { kind: "map", name: map } });
      return { ...instruction, source: 0, immediate: 0 };
    }
    const called = callTarget(instruction, slot);
    if (called === undefined) return instruction;
    if (called < 0 || called >= program.instructions.length) {
      throw new ObjectError(`program "${program.name}" calls slot ${called} from slot ${slot}; it has none such`);
    }
    const target: CodeTarget = { kind: "function", program: program.name, slot: called };
    this.relocations.push({ offset, type: RELOCATION_CALL, target });
    // The distance counts from the slot behind the call, so -1 is the function itself.
    return { ...instruction, immediate: -1 };
  }
}
