import { constantOf } from "../fold/constant.ts";
import type { Block, Branch } from "../ir/block.ts";
import { dominatorsOf } from "../ir/dominators.ts";
import type { IrFunction } from "../ir/function.ts";
import { kernelCallee } from "../ir/kernel-callee.ts";
import { findLoops, type Loop } from "../ir/loops.ts";
import type { Value } from "../ir/value.ts";

/** A loop is taken to run this often. */
const ITERATIONS = 8;
/** Packets are rarely too short, and look-ups in arrays rarely fail. */
const UNLIKELY = 1 / 16;
/** Most packets are those that a program is for: it goes on with them. */
const EARLY = 1 / 3;
/** Of some numbers in any order, fewer and fewer are the least, or the greatest, so far. */
const RECORD = 1 / 8;

/** Estimates from branches and loops. */
export interface Frequencies {
  /** How often each block runs for each run of the function. */
  readonly ofBlocks: ReadonlyMap<Block, number>;
  /** How likely a block goes on to one of its successors, from 0 to 1. */
  likelihood(block: Block, successor: Block): number;
}

/** How often each block runs for each run of the function: an estimate from branches and loops. */
export function estimateFrequencies(irFunction: IrFunction): Frequencies {
  const dominators = dominatorsOf(irFunction);
  const depth = new Map<Block, number>();
  const loops = findLoops(dominators);
  for (const { body } of loops) {
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
  return {
    ofBlocks: new Map(
      dominators.order.map((block) => [block, (flow.get(block) ?? 0) * ITERATIONS ** (depth.get(block) ?? 0)]),
    ),
    likelihood: (block, successor) => {
      const likelihood = probability(block, successor, cold);
      // What else is known of a branch counts more than that it ends a loop.
      return likelihood === 1 / 2 ? stayingInLoop(block, successor, loops) : likelihood;
    },
  };
}

/** How likely the block goes on to `successor` if the other way leaves a loop, or this one. */
function stayingInLoop(block: Block, successor: Block, loops: readonly Loop<Block>[]): number {
  const inside = loops.findLast(({ body }) => body.has(block) && block.successors.some((each) => !body.has(each)));
  if (inside === undefined || block.successors.every((each) => !inside.body.has(each))) return 1 / 2;
  return inside.body.has(successor) ? 1 - 1 / ITERATIONS : 1 / ITERATIONS;
}

/** How likely the block goes on to `successor`. */
function probability(block: Block, successor: Block, cold: ReadonlySet<Block>): number {
  const { terminator } = block;
  if (terminator?.kind !== "branch") return 1;
  const { whenTrue, whenFalse, seldom } = terminator;
  if (seldom !== undefined) return successor === terminator[seldom] ? UNLIKELY : 1 - UNLIKELY;
  if (cold.has(whenTrue) !== cold.has(whenFalse)) return cold.has(successor) ? UNLIKELY : 1 - UNLIKELY;
  if (onlyReturns(whenTrue) !== onlyReturns(whenFalse)) return onlyReturns(successor) ? EARLY : 1 - EARLY;
  const record = takesRecord(block, terminator);
  if (record !== undefined) return successor === record ? RECORD : 1 - RECORD;
  return 1 / 2;
}

/** Of a branch that keeps the least, or the greatest, of what there was and a number: the arm where the number takes its place. */
function takesRecord(block: Block, { left, right, whenTrue, whenFalse }: Branch): Block | undefined {
  const [onTrue, onFalse] = [joinOf(block, whenTrue), joinOf(block, whenFalse)];
  if (onTrue.join !== onFalse.join || whenTrue === whenFalse) return undefined;
  for (const phi of onTrue.join.phis) {
    const [one, other] = [operandFrom(phi, onTrue), operandFrom(phi, onFalse)];
    const isEither =
      (one === left.current && other === right.current) || (one === right.current && other === left.current);
    // What there was comes from such a branch, or from the round before.
    if (isEither && isPhi(one) !== isPhi(other)) return isPhi(one) ? whenFalse : whenTrue;
  }
  return undefined;
}

/** Where an arm meets the other one, if there is nothing in it, and the block that it comes from there. */
function joinOf(block: Block, arm: Block): { readonly join: Block; readonly from: Block } {
  const { terminator, values, phis } = arm;
  const isEmpty = terminator?.kind === "jump" && values.length + phis.length === 0;
  return isEmpty ? { join: terminator.target, from: arm } : { join: arm, from: block };
}

function operandFrom(phi: Value, { join, from }: { readonly join: Block; readonly from: Block }): Value | undefined {
  return phi.operands[join.predecessors.indexOf(from)]?.current;
}

const isPhi = (value: Value | undefined): boolean => value?.operation.kind === "phi";

/** Whether all that the block does is to give up, or to say what has been found already. */
function onlyReturns(block: Block): boolean {
  // The way to a return may have a block of its own, to say what is returned.
  const last = block.values.length === 0 && block.terminator?.kind === "jump" ? block.terminator.target : block;
  return last.values.length === 0 && last.terminator?.kind === "return";
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
