import type { Btf } from "../btf/btf.ts";
import type { Instruction } from "../instruction.ts";
import { ObjectError } from "../object-error.ts";
import type { ProgramSpec } from "../spec.ts";
import { essentialName } from "./essential-name.ts";
import { nameOf, sameKind } from "./kinds.ts";
import { patch } from "./patch.ts";
import { poison } from "./poison.ts";
import { type Answer, type Question, questionOf } from "./question.ts";

/** A program that fits a kernel. */
export interface RelocatedProgram {
  readonly instructions: Instruction[];
  /** What the kernel lacks, by the slot of the instruction that needs it: none of these may be reached. */
  readonly missing: ReadonlyMap<number, string>;
}

/** Adapts programs of one object to the types of one kernel (CO-RE). */
export class Relocator {
  readonly #local: Btf;
  readonly #kernel: Btf;
  /** Types of the kernel by the object's type whose place they could take. */
  readonly #candidates = new Map<number, readonly number[]>();

  /**
   * @param local  the object's types
   * @param kernel the kernel's
   */
  constructor(local: Btf, kernel: Btf) {
    this.#local = local;
    this.#kernel = kernel;
  }

  /** @throws {ObjectError} for relocations that make no sense, and where types of the kernel disagree */
  relocate(program: ProgramSpec): RelocatedProgram {
    const instructions = [...program.instructions];
    const missing = new Map<number, string>();
    for (const reference of program.references) {
      if (reference.kind !== "kernel-type") continue;
      const { slot } = reference;
      try {
        const question = questionOf(reference, this.#local);
        const answer = this.#answer(question);
        if (answer !== undefined && patch(instructions, slot, question.local, answer)) continue;
        poison(instructions, slot);
        missing.set(
          slot,
          answer === undefined ? question.subject : `${question.subject} in a form that this code can read`,
        );
      } catch (error) {
        if (!(error instanceof ObjectError)) throw error;
        throw new ObjectError(`program "${program.name}", slot ${slot}: ${error.message}`);
      }
    }
    return { instructions, missing };
  }

  #answer(question: Question): Answer | undefined {
    const { relocation, local } = question;
    if (relocation.question === "local-type-id") return local;
    let found: Answer | undefined;
    for (const id of this.#candidatesFor(relocation.type)) {
      const answer = question.ask(this.#kernel, id);
      if (answer === undefined) continue;
      if (found !== undefined && (found.value !== answer.value || found.bitOffset !== answer.bitOffset)) {
        throw new ObjectError(`the kernel has several types for ${question.subject}, which disagree`);
      }
      found = answer;
    }
    return found ?? question.missing;
  }

  /** Types of the same kind, and of the same name but for flavours. */
  #candidatesFor(id: number): readonly number[] {
    const known = this.#candidates.get(id);
    if (known !== undefined) return known;
    const type = this.#local.type(id);
    const name = essentialName(nameOf(type));
    if (name === "") throw new ObjectError(`a CO-RE relocation asks for type ${id}, which has no name`);
    const found = this.#kernel.idsNamed(name).filter((candidate) => {
      const other = this.#kernel.type(candidate);
      return sameKind(type, other) && essentialName(nameOf(other)) === name;
    });
    this.#candidates.set(id, found);
    return found;
  }
}
