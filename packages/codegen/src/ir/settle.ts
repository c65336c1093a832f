import type { Block, Terminator } from "./block.ts";
import { removePredecessor } from "./edges.ts";
import type { IrFunction } from "./function.ts";
import { reversePostorder } from "./order.ts";

/**
 * Makes the IR whole after changes: only reachable blocks in reverse postorder, no replaced value is left,
 * and phis of one value are gone.
 */
export function settle(irFunction: IrFunction): void {
  const blocks = reversePostorder(irFunction.entry, (block) => block.successors);
  const reachable = new Set(blocks);
  for (const block of blocks) {
    for (const predecessor of [...block.predecessors]) {
      if (!reachable.has(predecessor)) removePredecessor(block, predecessor);
    }
  }
  irFunction.blocks = blocks;
  replaceTrivialPhis(blocks);
  for (const block of blocks) {
    for (const value of [...block.phis, ...block.values]) {
      value.operands = value.operands.map((operand) => operand.current);
    }
    if (block.terminator !== undefined) block.terminator = settled(block.terminator);
  }
}

function replaceTrivialPhis(blocks: readonly Block[]): void {
  for (const block of blocks) block.values = block.values.filter((value) => !value.replaced);
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of blocks) {
      block.phis = block.phis.filter((phi) => !phi.replaced);
      for (const phi of block.phis) {
        const others = new Set(phi.operands.map((operand) => operand.current));
        others.delete(phi);
        const [only, second] = others;
        if (only === undefined || second !== undefined) continue;
        phi.replaceWith(only);
        changed = true;
      }
    }
  }
}

function settled(terminator: Terminator): Terminator {
  switch (terminator.kind) {
    case "jump":
      return terminator;
    case "branch":
      return { ...terminator, left: terminator.left.current, right: terminator.right.current };
    case "return":
      return { ...terminator, value: terminator.value.current };
  }
}
