import type { Block, Terminator } from "./block.ts";

/** Takes away the edge from `predecessor`, and the phi operands that came along it. */
export function removePredecessor(block: Block, predecessor: Block): void {
  const index = block.predecessors.indexOf(predecessor);
  if (index < 0) return;
  block.predecessors.splice(index, 1);
  for (const phi of block.phis) phi.operands.splice(index, 1);
}

/** The same end with jumps to `from` going to `to`; two arms to one block become a jump. */
export function redirected(terminator: Terminator, from: Block, to: Block): Terminator {
  if (terminator.kind === "return") return terminator;
  if (terminator.kind === "jump") return terminator.target === from ? { ...terminator, target: to } : terminator;
  const whenTrue = terminator.whenTrue === from ? to : terminator.whenTrue;
  const whenFalse = terminator.whenFalse === from ? to : terminator.whenFalse;
  if (whenTrue === whenFalse) return { kind: "jump", target: whenTrue, position: terminator.position };
  return { ...terminator, whenTrue, whenFalse };
}

/** Ends the block with a jump to one of its successors instead of a branch. */
export function decide(block: Block, target: Block): void {
  const { terminator } = block;
  if (terminator?.kind !== "branch") return;
  const other = terminator.whenTrue === target ? terminator.whenFalse : terminator.whenTrue;
  block.terminator = { kind: "jump", target, position: terminator.position };
  removePredecessor(other, block);
}
