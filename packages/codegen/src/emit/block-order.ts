import { type CodeBlock, type CodeFunction, likelihoodOf, successorsOf } from "../code/code.ts";
import { INVERTED } from "../ir/operation.ts";

/** What is not run more often, for each time that the block behind it is, is out of that one's way. */
const SELDOM = 1 / 7;

/**
 * An order of blocks in which most jumps fall through to the next block. It goes from each block on to a successor that
 * nothing else is still to fall into, the likelier one first; blocks that hardly ever run come last, and jump back if need be.
 */
export function orderBlocks(code: CodeFunction): CodeBlock[] {
  const [entry] = code.blocks;
  if (entry === undefined) return [];
  const predecessors = forwardPredecessors(entry);
  const placed = new Set<CodeBlock>();
  const waiting = [entry];
  const isFree = (block: CodeBlock): boolean => {
    for (const predecessor of predecessors.get(block) ?? []) {
      if (!placed.has(predecessor) && predecessor.frequency > block.frequency * SELDOM) return false;
    }
    return true;
  };
  const rank = (block: CodeBlock, from?: CodeBlock): number =>
    Number(isFree(block)) + (from !== undefined && mustFallThrough(from, block) ? 2 : 0);
  while (waiting.length > 0) {
    // What is left over: the most frequent one, if possible one whose predecessors are all there.
    waiting.sort((a, b) => rank(a) - rank(b) || a.frequency - b.frequency);
    let block = waiting.pop();
    while (block !== undefined && !placed.has(block)) {
      const at: CodeBlock = block;
      placed.add(at);
      const [best, ...others] = successorsOf(at)
        .filter((successor) => !placed.has(successor))
        .sort(
          (a, b) => rank(b, at) - rank(a, at) || likelihoodOf(at, b) - likelihoodOf(at, a) || b.frequency - a.frequency,
        );
      waiting.push(...others);
      block = best;
    }
  }
  return [...placed];
}

/** Whether the way to `target` costs a jump of its own unless it comes next: the comparison has no opposite. */
function mustFallThrough({ end }: CodeBlock, target: CodeBlock): boolean {
  return end.kind === "branch" && INVERTED[end.comparison] === undefined && end.whenFalse === target;
}

/** For each block those that jump to it, jumps back left out. */
function forwardPredecessors(entry: CodeBlock): ReadonlyMap<CodeBlock, ReadonlySet<CodeBlock>> {
  const predecessors = new Map<CodeBlock, Set<CodeBlock>>();
  const open = new Set<CodeBlock>();
  const done = new Set<CodeBlock>();
  const visit = (block: CodeBlock): void => {
    open.add(block);
    for (const successor of successorsOf(block)) {
      if (open.has(successor)) continue;
      predecessors.set(successor, (predecessors.get(successor) ?? new Set()).add(block));
      if (!done.has(successor)) visit(successor);
    }
    open.delete(block);
    done.add(block);
  };
  visit(entry);
  return predecessors;
}
