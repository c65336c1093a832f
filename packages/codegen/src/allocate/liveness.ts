import { type CodeBlock, type CodeFunction, successorsOf } from "../code/code.ts";
import { definitionsOf, usesOf, usesOfEnd } from "../code/registers-of.ts";
import { reversePostorder } from "../ir/order.ts";
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
}

export function liveRegisters(code: CodeFunction): Liveness {
  const blocks = new Map(code.blocks.map((block) => [block, summarize(block, code.nextRegister)]));
  const of = (block: CodeBlock): BlockLiveness => {
    const liveness = blocks.get(block);
    if (liveness === undefined) throw new Error(`block ${block.name} is not of this function`);
    return liveness;
  };
  // Each block behind its successors, as far as there are no loops: so what is needed has soon come to all that lies before.
  const [entry] = code.blocks;
  const order = entry === undefined ? [] : reversePostorder(entry, successorsOf);
  const backwards = order.reverse().map((block) => ({ ...of(block), successors: successorsOf(block).map(of) }));
  for (let changed = true; changed; ) {
    changed = false;
    for (const { start, end, defined, successors } of backwards) {
      let grown = false;
      for (const successor of successors) if (end.addAll(successor.start)) grown = true;
      if (grown && start.addAll(end, defined)) changed = true;
    }
  }
  return { atStart: (block) => of(block).start, atEnd: (block) => of(block).end };
}

function summarize(block: CodeBlock, registers: number): BlockLiveness {
  const start = new RegisterSet(registers);
  const defined = new RegisterSet(registers);
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
  return { start, end: new RegisterSet(registers), defined };
}
