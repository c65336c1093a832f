import type { Numbered } from "./block-set.ts";
import type { Dominators } from "./dominators.ts";

/** A loop: the block through which every round goes, and all blocks from which it can be reached again. */
export interface Loop<B> {
  readonly header: B;
  readonly body: Set<B>;
}

/** The natural loops, outer ones before those inside them. */
export function findLoops<B extends Numbered>(dominators: Dominators<B>): Loop<B>[] {
  return dominators.order.flatMap((header) => {
    const latches = dominators.predecessors(header).filter((predecessor) => dominators.dominates(header, predecessor));
    if (latches.length === 0) return [];
    const body = new Set([header]);
    const work = [...latches];
    for (let block = work.pop(); block !== undefined; block = work.pop()) {
      if (body.has(block)) continue;
      body.add(block);
      work.push(...dominators.predecessors(block));
    }
    return [{ header, body }];
  });
}
