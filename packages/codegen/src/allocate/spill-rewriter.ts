import type { Code, CodeAction, CodeBlock } from "../code/code.ts";
import { FRAME, type Register } from "../code/register.ts";
import { definitionsOf, usesOf, usesOfEnd } from "../code/registers-of.ts";
import { renamed, renamedEnd } from "../code/rename.ts";

/** What the rewriting of a block needs to know. */
export interface SpillContext {
  readonly spilled: ReadonlySet<Register>;
  /** How to make again what need not be kept. */
  readonly repeatable: ReadonlyMap<Register, CodeAction>;
  readonly homes: ReadonlyMap<Register, number>;
  /** The spilled registers that are read behind the block. */
  readonly neededAtEnd: readonly Register[];
  /** Whether the register must be read and written anew for each instruction. */
  isShort(register: Register): boolean;
  newRegister(spilled: Register): Register;
}

/** A register that holds a spilled one for a while. */
interface Held {
  readonly name: Register;
  /** It has been written, its memory not yet. */
  changed: boolean;
}

/** Rewrites one block so that spilled registers are in memory. */
export class SpillRewriter {
  readonly #context: SpillContext;
  readonly #held = new Map<Register, Held>();
  #out: Code[] = [];

  constructor(context: SpillContext) {
    this.#context = context;
  }

  rewrite(block: CodeBlock): void {
    if (!this.#isTouched(block)) return;
    const neededBehind = this.#neededBehind(block);
    for (const [index, instruction] of block.code.entries()) {
      const needed = neededBehind[index] ?? new Set();
      if (instruction.kind === "call") this.#writeBack(needed, instruction.position);
      this.#instruction(instruction);
      for (const register of [...this.#held.keys()]) {
        if (this.#context.isShort(register)) this.#release(register, needed, instruction.position);
      }
    }
    const { end } = block;
    const names = this.#read(usesOfEnd(end), end.position);
    this.#writeBack(new Set(this.#context.neededAtEnd), end.position);
    block.end = renamedEnd(end, (register) => names.get(register) ?? register);
    block.code = this.#out;
  }

  #isTouched({ code, end }: CodeBlock): boolean {
    const isSpilled = (register: Register): boolean => this.#context.spilled.has(register);
    return (
      usesOfEnd(end).some(isSpilled) ||
      code.some((instruction) => usesOf(instruction).some(isSpilled) || definitionsOf(instruction).some(isSpilled))
    );
  }

  #instruction(instruction: Code): void {
    const { spilled, repeatable } = this.#context;
    const { position } = instruction;
    if (this.#isTransferHome(instruction)) return;
    if (instruction.kind === "move" && spilled.has(instruction.from) && !this.#held.has(instruction.from)) {
      if (!spilled.has(instruction.to)) {
        this.#reload(instruction.to, instruction.from, position);
        return;
      }
    }
    const written = definitionsOf(instruction).filter((register) => spilled.has(register));
    if (written.some((register) => repeatable.has(register))) return;
    const names = this.#read(usesOf(instruction), position);
    for (const register of written) {
      const name = names.get(register) ?? this.#context.newRegister(register);
      names.set(register, name);
      this.#held.set(register, { name, changed: true });
    }
    this.#out.push(renamed(instruction, (register) => names.get(register) ?? register));
  }

  /** The names under which an instruction reads spilled registers. */
  #read(registers: readonly Register[], position: Code["position"]): Map<Register, Register> {
    const names = new Map<Register, Register>();
    for (const register of registers) {
      if (!this.#context.spilled.has(register) || names.has(register)) continue;
      const held = this.#held.get(register);
      if (held !== undefined) {
        names.set(register, held.name);
        continue;
      }
      const name = this.#context.newRegister(register);
      names.set(register, name);
      this.#reload(name, register, position);
      if (!this.#context.repeatable.has(register)) this.#held.set(register, { name, changed: false });
    }
    return names;
  }

  #reload(to: Register, register: Register, position: Code["position"]): void {
    const again = this.#context.repeatable.get(register);
    const action: CodeAction =
      again === undefined
        ? { kind: "load", bits: 64, to, base: FRAME, offset: this.#home(register) }
        : renamed(again, () => to);
    this.#out.push({ ...action, position });
  }

  /** Writes everything that has changed and is needed to its memory, and forgets the registers. */
  #writeBack(needed: ReadonlySet<Register>, position: Code["position"]): void {
    for (const register of [...this.#held.keys()]) this.#release(register, needed, position);
  }

  #release(register: Register, needed: ReadonlySet<Register>, position: Code["position"]): void {
    const held = this.#held.get(register);
    this.#held.delete(register);
    if (held === undefined || !held.changed || !needed.has(register)) return;
    const right = { register: held.name };
    this.#out.push({ kind: "store", bits: 64, base: FRAME, offset: this.#home(register), right, position });
  }

  /** A transfer between a register and what is its own memory now. */
  #isTransferHome(instruction: Code): boolean {
    const { spilled, repeatable, homes } = this.#context;
    if ((instruction.kind !== "load" && instruction.kind !== "store") || instruction.base !== FRAME) return false;
    const [register] = instruction.kind === "load" ? [instruction.to] : usesOf(instruction);
    // What is made again has no memory of its own, even if it writes that of another.
    if (register === undefined || repeatable.has(register) || !spilled.has(register)) return false;
    return homes.get(register) === instruction.offset;
  }

  /** For each instruction the spilled registers whose values are read behind it. */
  #neededBehind(block: CodeBlock): ReadonlySet<Register>[] {
    const { spilled, neededAtEnd } = this.#context;
    let live: ReadonlySet<Register> = new Set(
      [...neededAtEnd, ...usesOfEnd(block.end)].filter((register) => spilled.has(register)),
    );
    const result: ReadonlySet<Register>[] = [];
    for (const instruction of block.code.toReversed()) {
      result.push(live);
      const read = usesOf(instruction).filter((register) => spilled.has(register));
      const written = definitionsOf(instruction).filter((register) => live.has(register));
      if (read.length === 0 && written.length === 0) continue;
      const before = new Set(live);
      for (const register of written) before.delete(register);
      for (const register of read) before.add(register);
      live = before;
    }
    return result.reverse();
  }

  #home(register: Register): number {
    const home = this.#context.homes.get(register);
    if (home === undefined) throw new Error(`register ${register} has no memory`);
    return home;
  }
}
