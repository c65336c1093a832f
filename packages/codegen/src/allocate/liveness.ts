import { type CodeBlock, type CodeFunction, successorsOf } from "../code/code.ts";
import type { Register } from "../code/register.ts";
import { definitionsOf, usesOf, usesOfEnd } from "../code/registers-of.ts";
import { RegisterSet } from "./register-set.ts";

/** The registers whose values are needed at the start and at the end of each block. */
export interface Liveness {
  atStart(block: CodeBlock): LiveRegisters;
  atEnd(block: CodeBlock): LiveRegisters;
}

/** The registers whose values are needed at one place. */
export interface LiveRegisters {
  has(register: Register): boolean;
  /** In ascending order. */
  toArray(): Register[];
}

/** What a block does with registers. */
interface Summary {
  readonly block: CodeBlock;
  /** What it reads before it writes it. */
  readonly read: readonly Register[];
  readonly written: readonly Register[];
}

/** What is known of one block, of global registers alone. */
interface BlockLiveness {
  /** What it reads before it writes it: grows to all that is needed at its start. */
  readonly start: GlobalSet;
  readonly end: GlobalSet;
  readonly written: GlobalSet;
  readonly predecessors: BlockLiveness[];
}

/**
 * Most registers live in one block. The others, the global ones, are numbered, so that sets of them are small; from each block that reads one it is
 * gone back to where it is written: few live in a block, so that takes less time than to put sets of all together until nothing changes.
 */
export function liveRegisters(code: CodeFunction): Liveness {
  const summaries = summarize(code);
  const globals = new Globals(
    code.nextRegister,
    summaries.flatMap(({ read }) => read),
  );
  const newSet = globals.sets(3 * code.blocks.length);
  const blocks = new Map(
    summaries.map(({ block, read, written }) => {
      const liveness: BlockLiveness = { start: newSet(), end: newSet(), written: newSet(), predecessors: [] };
      for (const register of read) liveness.start.add(register);
      for (const register of written) liveness.written.add(register);
      return [block, liveness];
    }),
  );
  const of = (block: CodeBlock): BlockLiveness => {
    const liveness = blocks.get(block);
    if (liveness === undefined) throw new Error(`block ${block.name} is not of this function`);
    return liveness;
  };
  for (const [block, liveness] of blocks) {
    for (const successor of successorsOf(block)) of(successor).predecessors.push(liveness);
  }
  for (const { block, read } of summaries) {
    for (const register of read) liveBefore(of(block), register);
  }
  return { atStart: (block) => of(block).start, atEnd: (block) => of(block).end };
}

/** The register is needed at the start of a block, so at the end of those before it, and at their start unless they write it. */
function liveBefore(block: BlockLiveness, register: Register): void {
  const work = [block];
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    for (const predecessor of at.predecessors) {
      const { start, end, written } = predecessor;
      if (end.has(register)) continue;
      end.add(register);
      if (written.has(register) || start.has(register)) continue;
      start.add(register);
      work.push(predecessor);
    }
  }
}

function summarize(code: CodeFunction): readonly Summary[] {
  // The last block in which each register was read before it was written, and written.
  const [lastRead, lastWritten] = [new Uint32Array(code.nextRegister), new Uint32Array(code.nextRegister)];
  return code.blocks.map((block, index) => {
    const here = index + 1;
    const read: Register[] = [];
    const written: Register[] = [];
    const use = (registers: readonly Register[]): void => {
      for (const register of registers) {
        if (lastWritten[register] === here || lastRead[register] === here) continue;
        lastRead[register] = here;
        read.push(register);
      }
    };
    for (const instruction of block.code) {
      use(usesOf(instruction));
      for (const register of definitionsOf(instruction)) {
        if (lastWritten[register] === here) continue;
        lastWritten[register] = here;
        written.push(register);
      }
    }
    use(usesOfEnd(block.end));
    return { block, read, written };
  });
}

/** The registers whose values go from block to block. */
class Globals {
  /** In ascending order. */
  readonly #registers: readonly Register[];
  /** From 1 for each global register, in the same order. */
  readonly #numbers: Uint32Array;

  constructor(limit: number, registers: readonly Register[]) {
    this.#registers = [...new Set(registers)].sort((one, other) => one - other);
    this.#numbers = new Uint32Array(limit);
    for (const [index, register] of this.#registers.entries()) this.#numbers[register] = index + 1;
  }

  /** Makes empty sets, up to `most` of them. */
  sets(most: number): () => GlobalSet {
    const newSet = RegisterSet.maker(this.#registers.length + 1, most);
    return () => new GlobalSet(newSet(), this.#registers, this.#numbers);
  }
}

/** A set of global registers. */
class GlobalSet implements LiveRegisters {
  readonly #set: RegisterSet;
  readonly #registers: readonly Register[];
  readonly #numbers: Uint32Array;

  constructor(set: RegisterSet, registers: readonly Register[], numbers: Uint32Array) {
    this.#set = set;
    this.#registers = registers;
    this.#numbers = numbers;
  }

  /** Adds it if it is global. */
  add(register: Register): void {
    const number = this.#numbers[register] ?? 0;
    if (number > 0) this.#set.add(number);
  }

  has(register: Register): boolean {
    return this.#set.has(this.#numbers[register] ?? 0);
  }

  toArray(): Register[] {
    const registers: Register[] = [];
    this.#set.forEach((number) => {
      const register = this.#registers[number - 1];
      if (register !== undefined) registers.push(register);
    });
    return registers;
  }
}
