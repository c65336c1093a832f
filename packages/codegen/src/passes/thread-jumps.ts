import type { Block } from "../ir/block.ts";
import { redirected } from "../ir/edges.ts";
import type { IrFunction } from "../ir/function.ts";
import { settle } from "../ir/settle.ts";

/**
 * Takes out blocks that only jump on, and joins blocks of which one is the only way to the other.
 *
 * Needs: whole IR. Gives: whole IR, fewer blocks. Destroys: dominators.
 */
export function threadJumps(irFunction: IrFunction): void {
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of irFunction.blocks) {
      if (skip(block, irFunction.entry) || joinWithSuccessor(block, irFunction.entry)) changed = true;
    }
    settle(irFunction);
  }
}

/** Lets the predecessors of an empty block jump to where it jumps. */
function skip(block: Block, entry: Block): boolean {
  const { terminator } = block;
  if (block === entry || terminator?.kind !== "jump" || block.phis.length > 0 || block.values.length > 0) return false;
  const { target } = terminator;
  const from = target.predecessors.indexOf(block);
  if (target === block || from < 0) return false;
  // A phi cannot tell two edges from one block apart.
  if (target.phis.length > 0 && block.predecessors.some((predecessor) => target.predecessors.includes(predecessor))) {
    return false;
  }
  const operands = target.phis.map((phi) => phi.operands[from]);
  for (const predecessor of block.predecessors) {
    if (predecessor.terminator === undefined) continue;
    predecessor.terminator = redirected(predecessor.terminator, block, target);
    if (target.predecessors.includes(predecessor)) continue;
    target.predecessors.push(predecessor);
    for (const [index, phi] of target.phis.entries()) {
      const operand = operands[index];
      if (operand !== undefined) phi.operands.push(operand);
    }
  }
  target.predecessors.splice(from, 1);
  for (const phi of target.phis) phi.operands.splice(from, 1);
  block.predecessors.length = 0;
  return true;
}

/** Joins a block with the one it jumps to, if nothing else jumps there. */
function joinWithSuccessor(block: Block, entry: Block): boolean {
  const { terminator } = block;
  if (terminator?.kind !== "jump") return false;
  const { target } = terminator;
  if (target === entry || target === block || target.predecessors.length !== 1) return false;
  // The block itself may be out of the function since this round began.
  if (block !== entry && block.predecessors.length === 0) return false;
  for (const phi of target.phis) {
    const [only] = phi.operands;
    if (only !== undefined) phi.replaceWith(only.current);
  }
  block.values.push(...target.values);
  block.terminator = target.terminator;
  for (const successor of target.successors) {
    successor.predecessors.splice(successor.predecessors.indexOf(target), 1, block);
  }
  target.predecessors.length = 0;
  target.values = [];
  target.phis = [];
  target.terminator = undefined;
  return true;
}
