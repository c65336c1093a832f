import { constantOf } from "../fold/constant.ts";
import type { Block } from "../ir/block.ts";
import { dominatorsOf } from "../ir/dominators.ts";
import type { IrFunction } from "../ir/function.ts";
import { kernelCallee } from "../ir/kernel-callee.ts";
import { findLoops } from "../ir/loops.ts";

/** A loop is taken to run this often. */
const ITERATIONS = 8;
/** Packets are rarely too short, and look-ups in arrays rarely fail. */
const UNLIKELY = 1 / 16;

/** How often each block runs for each run of the function: an estimate from branches and loops. */
export function blockFrequencies(irFunction: IrFunction): ReadonlyMap<Block, number> {
  const dominators = dominatorsOf(irFunction);
  const depth = new Map<Block, number>();
  for (const { body } of findLoops(dominators)) {
    for (const block of body) depth.set(block, (depth.get(block) ?? 0) + 1);
  }
  const cold = coldBlocks(dominators.order);
  const flow = new Map<Block, number>([[irFunction.entry, 1]]);
  for (const block of dominators.order) {
    for (const successor of block.successors) {
      // A jump back brings nothing: what a loop adds is counted by its depth.
      if (dominators.dominates(successor, block)) continue;
      const share = (flow.get(block) ?? 0) * probability(block, successor, cold);
      flow.set(successor, (flow.get(successor) ?? 0) + share);
    }
  }
  return new Map(
    dominators.order.map((block) => [block, (flow.get(block) ?? 0) * ITERATIONS ** (depth.get(block) ?? 0)]),
  );
}

/** How likely the block goes on to `successor`. */
function probability(block: Block, successor: Block, cold: ReadonlySet<Block>): number {
  const { terminator } = block;
  if (terminator?.kind !== "branch") return 1;
  const { whenTrue, whenFalse, seldom } = terminator;
  if (seldom !== undefined) return successor === terminator[seldom] ? UNLIKELY : 1 - UNLIKELY;
  if (cold.has(whenTrue) === cold.has(whenFalse)) return 1 / 2;
  return cold.has(successor) ? UNLIKELY : 1 - UNLIKELY;
}

/** The blocks that a program goes to when a packet is too short or a look-up fails: other ways there are rare too. */
function coldBlocks(blocks: readonly Block[]): ReadonlySet<Block> {
  const cold = new Set<Block>();
  for (const { terminator } of blocks) {
    if (terminator?.kind !== "branch") continue;
    const { pointers, comparison, left, right, whenTrue, whenFalse } = terminator;
    const isNullCheck = kernelCallee(left.operation) !== undefined && constantOf(right) === 0n;
    if (pointers || (isNullCheck && comparison === "eq")) cold.add(whenTrue);
    else if (isNullCheck && comparison === "ne") cold.add(whenFalse);
  }
  return cold;
}
