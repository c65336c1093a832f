import type { Block, Terminator } from "./block.ts";
import { BlockSet } from "./block-set.ts";
import { removePredecessor } from "./edges.ts";
import type { IrFunction } from "./function.ts";
import { reversePostorder } from "./order.ts";
import type { Value } from "./value.ts";

/**
 * Makes the IR whole after changes: only reachable blocks in reverse postorder, no replaced value is left,
 * and phis of one value are gone.
 */
export function settle(irFunction: IrFunction): void {
  const blocks = reversePostorder(irFunction.entry, (block) => block.successors);
  if (blocks.length < irFunction.blocks.length) removeWaysFromElsewhere(blocks);
  irFunction.blocks = blocks;
  replaceTrivialPhis(blocks);
  for (const block of blocks) {
    for (const phi of block.phis) settleOperands(phi);
    for (const value of block.values) settleOperands(value);
    if (block.terminator !== undefined) block.terminator = settled(block.terminator);
  }
}

function removeWaysFromElsewhere(blocks: readonly Block[]): void {
  const reachable = new BlockSet();
  for (const block of blocks) reachable.add(block);
  const isLost = (block: Block): boolean => !reachable.has(block);
  for (const block of blocks) {
    if (!block.predecessors.some(isLost)) continue;
    for (const predecessor of block.predecessors.filter(isLost)) removePredecessor(block, predecessor);
  }
}

// Asked of all values behind each pass: lists are made anew only where something goes.
const isReplaced = ({ replaced }: Value): boolean => replaced;

function replaceTrivialPhis(blocks: readonly Block[]): void {
  for (const block of blocks) {
    if (block.values.some(isReplaced)) block.values = block.values.filter((value) => !value.replaced);
  }
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of blocks) {
      if (block.phis.some(isReplaced)) block.phis = block.phis.filter((phi) => !phi.replaced);
      for (const phi of block.phis) {
        const only = onlyOperand(phi);
        if (only === undefined) continue;
        phi.replaceWith(only);
        changed = true;
      }
    }
  }
}

/** What a phi is on every way to it, besides itself; undefined where ways differ. */
function onlyOperand(phi: Value): Value | undefined {
  let only: Value | undefined;
  for (const operand of phi.operands) {
    const { current } = operand;
    if (current === phi || current === only) continue;
    if (only !== undefined) return undefined;
    only = current;
  }
  return only;
}

function settleOperands(value: Value): void {
  if (value.operands.some(isReplaced)) value.operands = value.operands.map(({ current }) => current);
}

function settled(terminator: Terminator): Terminator {
  switch (terminator.kind) {
    case "jump":
      return terminator;
    case "branch": {
      const { left, right } = terminator;
      if (!left.replaced && !right.replaced) return terminator;
      return { ...terminator, left: left.current, right: right.current };
    }
    case "return":
      return terminator.value.replaced ? { ...terminator, value: terminator.value.current } : terminator;
  }
}
