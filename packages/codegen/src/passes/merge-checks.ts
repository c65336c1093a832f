import { constantOf } from "../fold/constant.ts";
import type { Block, Branch } from "../ir/block.ts";
import { decide } from "../ir/edges.ts";
import type { IrFunction } from "../ir/function.ts";
import { settle } from "../ir/settle.ts";
import type { Value } from "../ir/value.ts";
import { hasEffect } from "./dead-code.ts";

/** A bounds check: whether `base + size` lies behind the end of the packet. */
interface Check {
  readonly block: Block;
  readonly branch: Branch;
  readonly base: Value;
  readonly size: bigint;
}

/**
 * Makes one bounds check of several that follow each other: where a packet that is too short for the first ends up where one does that
 * is too short for the last, the first asks for as many bytes as the last.
 *
 * Needs: whole IR. Gives: whole IR, fewer branches. Destroys: dominators.
 */
export function mergeChecks(irFunction: IrFunction): void {
  for (const block of irFunction.blocks) {
    for (let merged = true; merged; ) merged = mergeWithNext(irFunction, block);
  }
  settle(irFunction);
}

/** Moves the next check's size into the check that a block ends with. */
function mergeWithNext(irFunction: IrFunction, block: Block): boolean {
  const first = checkOf(block);
  if (first === undefined) return false;
  const next = nextCheck(first);
  if (next === undefined || next.base !== first.base || next.branch.right !== first.branch.right) return false;
  if (!sameOutside(first, next)) return false;
  if (next.size > first.size) {
    const limit = irFunction.value(
      64,
      { kind: "binary", operator: "add" },
      [first.base, irFunction.constant(64, next.size)],
      first.branch.position,
    );
    block.values.push(limit);
    block.terminator = { ...first.branch, left: limit };
  }
  decide(next.block, next.branch.whenFalse);
  return true;
}

function checkOf(block: Block): Check | undefined {
  const { terminator } = block;
  if (terminator?.kind !== "branch" || !terminator.pointers || terminator.comparison !== "ugt") return undefined;
  const { operation, operands } = terminator.left.current;
  const [base, added] = operands;
  const size = constantOf(added);
  if (operation.kind !== "binary" || operation.operator !== "add" || base === undefined || size === undefined)
    return undefined;
  return { block, branch: terminator, base: base.current, size };
}

/** The check that comes next inside, if nothing has happened before it that a short packet must not miss. */
function nextCheck({ branch }: Check): Check | undefined {
  for (let at = branch.whenFalse; ; ) {
    if (at.predecessors.length !== 1 || at.values.some(hasEffect)) return undefined;
    const check = checkOf(at);
    if (check !== undefined) return check;
    const { terminator } = at;
    if (terminator?.kind !== "jump") return undefined;
    at = terminator.target;
  }
}

/** Whether a packet that is too short for one goes on as one does that is too short for the other. */
function sameOutside(first: Check, next: Check): boolean {
  const [one, indexOfOne] = destination(first.block, first.branch.whenTrue);
  const [other, indexOfOther] = destination(next.block, next.branch.whenTrue);
  if (one !== other) return returns(one) !== undefined && returns(one) === returns(other);
  return one.phis.every((phi) => phi.operands[indexOfOne]?.current === phi.operands[indexOfOther]?.current);
}

/** The constant that a block returns at once. */
function returns({ phis, values, terminator }: Block): Value | undefined {
  if (phis.length > 0 || values.length > 0 || terminator?.kind !== "return") return undefined;
  return constantOf(terminator.value) === undefined ? undefined : terminator.value.current;
}

/** Where an edge leads behind blocks that only jump on, and which way in it is there. */
function destination(from: Block, target: Block): readonly [Block, number] {
  let [before, at] = [from, target];
  const seen = new Set([from]);
  // A ring of empty blocks is a loop without end.
  while (at.phis.length === 0 && at.values.length === 0 && at.terminator?.kind === "jump" && !seen.has(at)) {
    seen.add(at);
    [before, at] = [at, at.terminator.target];
  }
  return [at, at.predecessors.indexOf(before)];
}
