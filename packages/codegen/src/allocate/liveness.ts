import { type CodeBlock, type CodeFunction, successorsOf } from "../code/code.ts";
import type { Register } from "../code/register.ts";
import { definitionsOf, usesOf, usesOfEnd } from "../code/registers-of.ts";
import { RegisterSet } from "./register-set.ts";

/** The number of a register that is not global. */
const LOCAL = 0;

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

/** What is known of one block, of global registers alone, by their numbers. */
interface BlockLiveness {
  /** What it reads before it writes it: grows to all that is needed at its start. */
  readonly start: RegisterSet;
  readonly end: RegisterSet;
  readonly written: RegisterSet;
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
  const newSet = RegisterSet.maker(globals.limit, 3 * code.blocks.length);
  /** By the numbers of the blocks. */
  const blocks: BlockLiveness[] = [];
  for (const { block, read, written } of summaries) {
    const liveness: BlockLiveness = { start: newSet(), end: newSet(), written: newSet(), predecessors: [] };
    for (const register of read) liveness.start.add(globals.numberOf(register));
    for (const register of written) {
      const number = globals.numberOf(register);
      if (number !== LOCAL) liveness.written.add(number);
    }
    blocks[block.id] = liveness;
  }
  const of = ({ id, name }: CodeBlock): BlockLiveness => {
    const liveness = blocks[id];
    if (liveness === undefined) throw new Error(`block ${name} is not of this function`);
    return liveness;
  };
  for (const { block } of summaries) {
    const liveness = of(block);
    for (const successor of successorsOf(block)) of(successor).predecessors.push(liveness);
  }
  for (const { block, read } of summaries) {
    for (const register of read) liveBefore(of(block), globals.numberOf(register));
  }
  return {
    atStart: (block) => new GlobalSet(of(block).start, globals),
    atEnd: (block) => new GlobalSet(of(block).end, globals),
  };
}

/** A register is needed at the start of a block, so at the end of those before it, and at their start unless they write it. */
function liveBefore(block: BlockLiveness, register: number): void {
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

/** The registers whose values go from block to block, and their numbers. */
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

  /** The numbers are below it. */
  get limit(): number {
    return this.#registers.length + 1;
  }

  numberOf(register: Register): number {
    return this.#numbers[register] ?? LOCAL;
  }

  register(number: number): Register | undefined {
    return this.#registers[number - 1];
  }
}

/** A set of global registers. */
class GlobalSet implements LiveRegisters {
  readonly #set: RegisterSet;
  readonly #globals: Globals;

  constructor(set: RegisterSet, globals: Globals) {
    this.#set = set;
    this.#globals = globals;
  }

  has(register: Register): boolean {
    return this.#set.has(this.#globals.numberOf(register));
  }

  toArray(): Register[] {
    const registers: Register[] = [];
    this.#set.forEach((number) => {
      const register = this.#globals.register(number);
      if (register !== undefined) registers.push(register);
    });
    return registers;
  }
}
