import { type CodeBlock, type CodeFunction, successorsOf } from "../code/code.ts";
import type { Register } from "../code/register.ts";
import { definitionsOf, usesOf, usesOfEnd } from "../code/registers-of.ts";

/** The registers whose values are needed at the start and at the end of each block. */
export interface Liveness {
  readonly atStart: ReadonlyMap<CodeBlock, ReadonlySet<Register>>;
  readonly atEnd: ReadonlyMap<CodeBlock, ReadonlySet<Register>>;
}

export function liveRegisters(code: CodeFunction): Liveness {
  const atStart = new Map<CodeBlock, Set<Register>>();
  const atEnd = new Map<CodeBlock, Set<Register>>();
  const summaries = new Map(code.blocks.map((block) => [block, summarize(block)]));
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of code.blocks.toReversed()) {
      const live = new Set<Register>();
      for (const successor of successorsOf(block)) {
        for (const register of atStart.get(successor) ?? []) live.add(register);
      }
      if (atEnd.get(block)?.size === live.size) continue;
      changed = true;
      atEnd.set(block, live);
      const summary = summaries.get(block);
      const start = new Set(summary?.needed);
      for (const register of live) if (!summary?.defined.has(register)) start.add(register);
      atStart.set(block, start);
    }
  }
  return { atStart, atEnd };
}

/** What a block reads before it writes it, and what it writes. */
function summarize(block: CodeBlock): { readonly needed: Set<Register>; readonly defined: Set<Register> } {
  const needed = new Set(usesOfEnd(block.end));
  const defined = new Set<Register>();
  for (const code of block.code.toReversed()) {
    for (const register of definitionsOf(code)) {
      needed.delete(register);
      defined.add(register);
    }
    for (const register of usesOf(code)) needed.add(register);
  }
  return { needed, defined };
}
