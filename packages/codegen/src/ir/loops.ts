import type { Block } from "./block.ts";
import type { Dominators } from "./dominators.ts";

/** A loop: the block through which every round goes, and all blocks from which it can be reached again. */
export interface Loop {
  readonly header: Block;
  readonly body: ReadonlySet<Block>;
}

/** The natural loops, outer ones before those inside them. */
export function findLoops(dominators: Dominators): Loop[] {
  return dominators.order.flatMap((header) => {
    const latches = header.predecessors.filter((predecessor) => dominators.dominates(header, predecessor));
    return latches.length === 0 ? [] : [{ header, body: bodyOf(header, latches) }];
  });
}

function bodyOf(header: Block, latches: readonly Block[]): ReadonlySet<Block> {
  const body = new Set([header]);
  const work = [...latches];
  for (let block = work.pop(); block !== undefined; block = work.pop()) {
    if (body.has(block)) continue;
    body.add(block);
    work.push(...block.predecessors);
  }
  return body;
}
