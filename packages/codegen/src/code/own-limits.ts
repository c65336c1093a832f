import type { Block } from "../ir/block.ts";
import type { IrFunction } from "../ir/function.ts";
import type { Operation } from "../ir/operation.ts";
import type { Value } from "../ir/value.ts";

const ADD: Operation = { kind: "binary", operator: "add" };

/**
 * Gives a bounds check a limit of its own where the end of one record is the address of another that is used on the way on which the packet
 * is too short: there the verifier forgets of that register how far it may be read, though this may be known from before.
 *
 * Needs: whole IR. Gives: whole IR. Destroys: nothing.
 */
export function ownLimits(irFunction: IrFunction): void {
  const users = addressUsers(irFunction);
  for (const block of irFunction.blocks) {
    const { terminator } = block;
    if (terminator?.kind !== "branch" || !terminator.pointers) continue;
    const limit = terminator.left.current;
    const used = users.get(limit);
    if (used === undefined) continue;
    const outside = terminator.comparison === "ugt" ? terminator.whenTrue : terminator.whenFalse;
    if (!reaches(outside, block, used)) continue;
    const isSum = limit.operation.kind === "binary" && limit.operation.operator === "add";
    const operands = isSum ? [...limit.operands] : [limit, irFunction.constant(64, 0n)];
    const own = irFunction.value(64, ADD, operands, terminator.position);
    block.values.push(own);
    block.terminator = { ...terminator, left: own };
  }
}

/** The blocks in which a value is used for something else than a bounds check. */
function addressUsers(irFunction: IrFunction): ReadonlyMap<Value, ReadonlySet<Block>> {
  const users = new Map<Value, Set<Block>>();
  const note = (value: Value, block: Block | undefined): void => {
    if (block === undefined) return;
    const known = users.get(value.current);
    if (known === undefined) users.set(value.current, new Set([block]));
    else known.add(block);
  };
  for (const block of irFunction.blocks) {
    for (const { operands } of block.values) for (const operand of operands) note(operand, block);
    // A phi uses what comes along an edge where that edge leaves.
    for (const { operands } of block.phis) {
      for (const [index, operand] of operands.entries()) note(operand, block.predecessors[index]);
    }
    const { terminator } = block;
    if (terminator?.kind === "return") note(terminator.value, block);
    else if (terminator?.kind === "branch" && !terminator.pointers) {
      note(terminator.left, block);
      note(terminator.right, block);
    }
  }
  return users;
}

/** Whether one of `wanted` can be reached from `start`, not through `except`, where the check is made again. */
function reaches(start: Block, except: Block, wanted: ReadonlySet<Block>): boolean {
  const seen = new Set([start, except]);
  const open = [start];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (wanted.has(at)) return true;
    for (const next of at.successors) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return false;
}
