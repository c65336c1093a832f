import type { Btf } from "../btf/btf.ts";
import { disassembleOne } from "../disassemble.ts";
import type { Form } from "../form.ts";
import type { Instruction } from "../instruction.ts";
import { formOf } from "../opcodes.ts";
import { lineAt, sourcePosition } from "../source-position.ts";
import type { ProgramSpec, Reference } from "../spec.ts";
import { FunctionPlace } from "./function-place.ts";
import type { MachinePlace } from "./machine-error.ts";

/** A program, ready to run. */
export class MachineProgram {
  readonly spec: ProgramSpec;
  readonly instructions: readonly Instruction[];
  readonly forms: readonly (Form | undefined)[];
  readonly #references: ReadonlyMap<number, Reference>;
  readonly #btf: Btf | undefined;
  readonly #functions = new Map<number, FunctionPlace>();

  constructor(spec: ProgramSpec, btf: Btf | undefined) {
    this.spec = spec;
    this.instructions = spec.instructions;
    this.forms = spec.instructions.map(formOf);
    this.#references = new Map(spec.references.map((reference) => [reference.slot, reference]));
    this.#btf = btf;
  }

  /** What the loader fills in at a slot. */
  referenceAt(slot: number): Reference | undefined {
    return this.#references.get(slot);
  }

  /** What stands for a function's address: always the same object for the same function. */
  functionAt(slot: number): FunctionPlace {
    const place = this.#functions.get(slot) ?? new FunctionPlace(this.spec.name, slot);
    this.#functions.set(slot, place);
    return place;
  }

  /** Where a slot is, for people. */
  placeOf(slot: number): MachinePlace {
    const instruction = this.instructions[slot];
    return {
      program: this.spec.name,
      slot,
      instruction: instruction === undefined ? "(nothing)" : disassembleOne(instruction, this.instructions[slot + 1]),
      source: this.#sourceOf(slot),
    };
  }

  #sourceOf(slot: number): MachinePlace["source"] {
    const line = lineAt(this.spec.lines, slot);
    return line && this.#btf && sourcePosition(this.#btf, line);
  }
}
