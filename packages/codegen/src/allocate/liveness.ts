import { type CodeBlock, type CodeFunction, successorsOf } from "../code/code.ts";
import type { Register } from "../code/register.ts";
import { definitionsOf, usesOf, usesOfEnd } from "../code/registers-of.ts";
import { RegisterSet } from "./register-set.ts";

/** The registers whose values are needed at the start and at the end of each block. */
export interface Liveness {
  atStart(block: CodeBlock): RegisterSet;
  atEnd(block: CodeBlock): RegisterSet;
}

/** What is known of one block. */
interface BlockLiveness {
  /** What it reads before it writes it: grows to all that is needed at its start. */
  readonly start: RegisterSet;
  readonly end: RegisterSet;
  /** What it writes. */
  readonly defined: RegisterSet;
  readonly predecessors: BlockLiveness[];
}

/**
 * Goes back from each block that reads a register to where it is written: few registers live in a block, so that takes less time
 * than to put sets of all together until nothing changes.
 */
export function liveRegisters(code: CodeFunction): Liveness {
  const newSet = RegisterSet.maker(code.nextRegister, 3 * code.blocks.length);
  const blocks = new Map(code.blocks.map((block) => [block, summarize(block, newSet)]));
  const of = (block: CodeBlock): BlockLiveness => {
    const liveness = blocks.get(block);
    if (liveness === undefined) throw new Error(`block ${block.name} is not of this function`);
    return liveness;
  };
  for (const [block, liveness] of blocks) {
    for (const successor of successorsOf(block)) of(successor).predecessors.push(liveness);
  }
  for (const liveness of blocks.values()) {
    for (const register of liveness.start.toArray()) liveBefore(liveness, register);
  }
  return { atStart: (block) => of(block).start, atEnd: (block) => of(block).end };
}

/** The register is needed at the start of a block, so at the end of those before it, and at their start unless they write it. */
function liveBefore(block: BlockLiveness, register: Register): void {
  const work = [block];
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    for (const predecessor of at.predecessors) {
      const { start, end, defined } = predecessor;
      if (end.has(register)) continue;
      end.add(register);
      if (defined.has(register) || start.has(register)) continue;
      start.add(register);
      work.push(predecessor);
    }
  }
}

function summarize(block: CodeBlock, newSet: () => RegisterSet): BlockLiveness {
  const [start, end, defined] = [newSet(), newSet(), newSet()];
  for (const register of usesOfEnd(block.end)) start.add(register);
  for (let index = block.code.length - 1; index >= 0; index--) {
    const code = block.code[index];
    if (code === undefined) continue;
    for (const register of definitionsOf(code)) {
      start.delete(register);
      defined.add(register);
    }
    for (const register of usesOf(code)) start.add(register);
  }
  return { start, end, defined, predecessors: [] };
}
