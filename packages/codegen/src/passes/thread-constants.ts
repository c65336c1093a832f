import { constantOf, evaluateComparison } from "../fold/constant.ts";
import type { Block, Branch } from "../ir/block.ts";
import type { IrFunction } from "../ir/function.ts";
import { settle } from "../ir/settle.ts";
import { takeShortcut } from "../ir/shortcut.ts";
import type { Value } from "../ir/value.ts";

/**
 * Sends a predecessor past a block that only asks about a phi, where what comes from that predecessor answers the
 * question: a loop counter's first test, a flag that was just set.
 *
 * Needs: whole IR. Gives: whole IR; loops are tested at their end. Destroys: dominators.
 */
export function threadConstants(irFunction: IrFunction): void {
  for (const block of [...irFunction.blocks]) {
    const { terminator } = block;
    if (terminator?.kind !== "branch" || block.values.length > 0 || block.phis.length === 0) continue;
    for (const predecessor of [...block.predecessors]) {
      const target = knownTarget(block, terminator, predecessor);
      if (target !== undefined) passOver(irFunction, block, predecessor, target);
    }
  }
  settle(irFunction);
}

/** Where the branch goes for what comes from `predecessor`. */
function knownTarget(block: Block, branch: Branch, predecessor: Block): Block | undefined {
  const index = block.predecessors.indexOf(predecessor);
  // What the phi is along this edge.
  const constant = (value: Value): bigint | undefined =>
    constantOf(block.phis.includes(value.current) ? value.current.operands[index] : value);
  const left = constant(branch.left);
  const right = constant(branch.right);
  if (left === undefined || right === undefined) return undefined;
  return evaluateComparison(branch.comparison, branch.width, left, right) ? branch.whenTrue : branch.whenFalse;
}

/** Lets `predecessor` go on to `target`, behind `block`, where the phis of `block` are what came from it. */
function passOver(irFunction: IrFunction, block: Block, predecessor: Block, target: Block): void {
  if (target === block) return;
  const index = block.predecessors.indexOf(predecessor);
  const known = new Map(block.phis.map((phi) => [phi, phi.operands[index]?.current ?? phi]));
  const through = target.predecessors.indexOf(block);
  const operands = target.phis.map((phi) => {
    const operand = phi.operands[through]?.current ?? phi;
    return known.get(operand) ?? operand;
  });
  takeShortcut(irFunction, { from: predecessor, first: block, passed: [block], known, target, operands });
}
