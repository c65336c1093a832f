import type { Block } from "./block.ts";
import type { Dominators } from "./dominators.ts";

/** Where a value is made: leaves are made nowhere. */
export interface Place {
  readonly block: Block;
  /** Before all values of the block, -1: a phi. */
  readonly index: number;
}

/** Whether every way to `later` comes by `earlier`. */
export function isBefore(earlier: Place, later: Place, dominators: Dominators<Block>): boolean {
  if (earlier.block === later.block) return earlier.index < later.index;
  return dominators.dominates(earlier.block, later.block);
}
