import { constantOf, evaluateComparison } from "../fold/constant.ts";
import type { Block, Terminator } from "../ir/block.ts";
import { type Definitions, foundBy, redefine } from "../ir/definitions.ts";
import { redirected, removePredecessor } from "../ir/edges.ts";
import type { IrFunction } from "../ir/function.ts";
import { settle } from "../ir/settle.ts";
import type { Value } from "../ir/value.ts";

type Branch = Extract<Terminator, { kind: "branch" }>;

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
      if (target !== undefined) redirect(irFunction, predecessor, block, target);
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

/** Lets `predecessor` jump to `target` behind `block`, by way of a new block, where the phis of `block` are what came from it. */
function redirect(irFunction: IrFunction, predecessor: Block, block: Block, target: Block): void {
  const { terminator } = predecessor;
  const index = block.predecessors.indexOf(predecessor);
  if (terminator === undefined || target === block) return;
  const incoming = new Map(block.phis.map((phi) => [phi, phi.operands[index]?.current ?? phi]));
  const way = irFunction.block("way");
  way.terminator = { kind: "jump", target, position: terminator.position };
  way.predecessors.push(predecessor);
  predecessor.terminator = redirected(terminator, block, way);
  removePredecessor(block, predecessor);
  const found = foundBy(irFunction, way, new Set(block.phis));
  const through = target.predecessors.indexOf(block);
  for (const phi of target.phis) {
    const operand = phi.operands[through];
    if (operand !== undefined) phi.operands.push(found(incoming.get(operand.current) ?? operand));
  }
  target.predecessors.push(way);
  const definitions = (phi: Value, other: Value): Definitions =>
    new Map([
      [block, phi],
      [way, found(other)],
    ]);
  redefine(irFunction, new Map([...incoming].map(([phi, other]) => [phi, definitions(phi, other)])));
}
