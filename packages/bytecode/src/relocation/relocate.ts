import type { Btf } from "../btf/btf.ts";
import type { Instruction } from "../instruction.ts";
import { ObjectError } from "../object-error.ts";
import type { ProgramSpec } from "../spec.ts";
import type { TypeIn } from "./compatibility.ts";
import { essentialName } from "./essential-name.ts";
import { nameOf, sameKind } from "./kinds.ts";
import { patch } from "./patch.ts";
import { poison } from "./poison.ts";
import { type Answer, type Question, questionOf } from "./question.ts";
import { describeType } from "./type-match.ts";

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
  readonly #candidates = new Map<number, readonly TypeIn[]>();

  /**
   * @param local  the object's types
   * @param kernel the kernel's
   */
  constructor(local: Btf, kernel: Btf) {
    this.#local = local;
    this.#kernel = kernel;
  }

  /**
   * @param modules types of modules whose functions the program calls, each with the kernel's as its base: they are asked for
   *   structures that the kernel's lack
   * @throws {ObjectError} for relocations that make no sense, and where types of the kernel disagree
   */
  relocate(program: ProgramSpec, modules: readonly Btf[] = []): RelocatedProgram {
    const instructions = [...program.instructions];
    const missing = new Map<number, string>();
    for (const reference of program.references) {
      if (reference.kind !== "kernel-type") continue;
      const { slot } = reference;
      try {
        const question = questionOf(reference, this.#local);
        const answer = this.#answer(question, modules);
        if (answer !== undefined && patch(instructions, slot, question.local, answer)) continue;
        poison(instructions, slot);
        missing.set(
          slot,
          answer === undefined
            ? this.#lacking(question, modules)
            : `${question.subject} in a form that this code can read`,
        );
      } catch (error) {
        if (!(error instanceof ObjectError)) throw error;
        throw new ObjectError(`program "${program.name}", slot ${slot}: ${error.message}`);
      }
    }
    return { instructions, missing };
  }

  #answer(question: Question, modules: readonly Btf[]): Answer | undefined {
    const { relocation, local } = question;
    if (relocation.question === "local-type-id") return local;
    // A type's id alone does not say which module's it is.
    const others = relocation.question === "type-id" ? [] : modules;
    let found: Answer | undefined;
    for (const { btf, id } of this.#candidatesFor(relocation.type, others)) {
      const answer = question.ask(btf, id);
      if (answer === undefined) continue;
      if (found !== undefined && (found.value !== answer.value || found.bitOffset !== answer.bitOffset)) {
        throw new ObjectError(`the kernel has several types for ${question.subject}, which disagree`);
      }
      found = answer;
    }
    return found ?? question.missing;
  }

  /** What there is not: the type as a whole, or only what is asked of it. */
  #lacking({ relocation: { type }, subject }: Question, modules: readonly Btf[]): string {
    return this.#candidatesFor(type, modules).length === 0 ? describeType(this.#local.type(type)) : subject;
  }

  #candidatesFor(id: number, modules: readonly Btf[]): readonly TypeIn[] {
    const known = this.#candidates.get(id) ?? this.#candidatesIn(this.#kernel, id, 1);
    this.#candidates.set(id, known);
    if (known.length > 0) return known;
    return modules.flatMap((module) => this.#candidatesIn(module, id, this.#kernel.count));
  }

  /** Types of the same kind, and of the same name but for flavours. */
  #candidatesIn(btf: Btf, local: number, from: number): TypeIn[] {
    const type = this.#local.type(local);
    const name = essentialName(nameOf(type));
    if (name === "") throw new ObjectError(`a CO-RE relocation asks for type ${local}, which has no name`);
    const fits = (id: number): boolean => {
      const other = btf.type(id);
      return sameKind(type, other) && essentialName(nameOf(other)) === name;
    };
    return btf
      .idsNamed(name, from)
      .filter(fits)
      .map((id) => ({ btf, id }));
  }
}
