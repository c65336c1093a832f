import { constantOf, evaluateComparison } from "../fold/constant.ts";
import { isNeverNull } from "../fold/never-null.ts";
import type { Block, Branch } from "../ir/block.ts";
import { type Dominators, dominatorsOf } from "../ir/dominators.ts";
import { decide } from "../ir/edges.ts";
import type { IrFunction } from "../ir/function.ts";
import { callsOneOf, PACKET_MOVERS } from "../ir/kernel-callee.ts";
import { settle } from "../ir/settle.ts";
import { countUses } from "../ir/use-counts.ts";
import type { Value } from "../ir/value.ts";

/** A phi of two values, one of which is null, and the branch that chooses between them and does nothing else. */
interface Choice {
  readonly phi: Value;
  readonly decider: Block;
  readonly branch: Branch;
  /** What the phi is where the branch goes to `whenTrue`, and where it does not. */
  readonly whenTrue: Value;
  readonly whenFalse: Value;
}

/** A branch that asks whether a phi is null. */
interface Question {
  readonly block: Block;
  readonly branch: Branch;
  /** Whether it goes to `whenTrue` where the branch that chose did. */
  readonly same: boolean;
  /** Where the phi is what it is without being null. */
  readonly inside: Block;
}

/**
 * Lets a branch that asks whether a phi is null ask what made it null: `p = fits ? address : null; …; if (p === null)` asks only there
 * whether the packet is long enough, and phi and first question are gone.
 *
 * Needs: whole IR. Gives: whole IR, fewer phis and branches. Destroys: dominators.
 */
export function correlateBranches(irFunction: IrFunction): void {
  let moves: boolean | undefined;
  let dominators: Dominators<Block> | undefined;
  for (const block of irFunction.blocks) {
    const choice = choiceOf(block);
    // On a long way the verifier would go with what it does not know of the packet through all that lies between.
    const question = choice && questionOf(choice, endOfWay(block));
    if (choice === undefined || question === undefined) continue;
    if (choice.branch.pointers) {
      // Addresses in a packet that was moved must not be compared any more.
      moves ??= movesPacket(irFunction);
      if (moves) continue;
    }
    dominators ??= dominatorsOf(irFunction);
    if (isUsedInsideOnly(choice.phi, question, irFunction, dominators)) ask(irFunction, choice, question);
  }
  if (dominators !== undefined) settle(irFunction);
}

/** The block to which a way leads on which nothing is decided. */
function endOfWay(from: Block): Block {
  for (let at = from; ; ) {
    const next = at.terminator;
    if (next?.kind !== "jump" || next.target.predecessors.length > 1) return at;
    at = next.target;
  }
}

function movesPacket({ blocks }: IrFunction): boolean {
  return blocks.some(({ values }) => values.some(mayMovePacket));
}

/** What another function does is not looked at, whether it is called here or by a helper. */
function mayMovePacket({ operation, operands }: Value): boolean {
  if (operation.kind === "call-function" || callsOneOf(PACKET_MOVERS, operation)) return true;
  return operation.kind.startsWith("call-") && operands.some((operand) => operand.operation.kind === "function");
}

/** The choice that a block's only phi is. */
function choiceOf(block: Block): Choice | undefined {
  const [phi, second] = block.phis;
  const [left, right, third] = block.predecessors;
  if (phi === undefined || second !== undefined) return undefined;
  if (left === undefined || right === undefined || third !== undefined) return undefined;
  const decider = origin(left);
  const branch = decider.terminator;
  if (branch?.kind !== "branch" || origin(right) !== decider) return undefined;
  const of = (arm: Block): Value | undefined =>
    phi.operands[block.predecessors.indexOf(arm === block ? decider : arm)]?.current;
  const [whenTrue, whenFalse] = [of(branch.whenTrue), of(branch.whenFalse)];
  if (whenTrue === undefined || whenFalse === undefined) return undefined;
  return { phi, decider, branch, whenTrue, whenFalse };
}

/** The block from which an empty one is entered; the block itself where it is not empty. */
function origin(block: Block): Block {
  const [only, second] = block.predecessors;
  const isEmpty = block.values.length === 0 && block.phis.length === 0 && block.terminator?.kind === "jump";
  return isEmpty && only !== undefined && second === undefined ? only : block;
}

/** Whether a phi is used for nothing else but the question, and what it is where it is not null. */
function isUsedInsideOnly(
  phi: Value,
  { block: asking, inside }: Question,
  { blocks }: IrFunction,
  dominators: Dominators<Block>,
): boolean {
  const isInside = (block: Block | undefined): boolean =>
    block !== undefined && inside.predecessors.length === 1 && dominators.dominates(inside, block);
  const isPhi = (value: Value): boolean => value.current === phi;
  return blocks.every((block) => {
    const { phis, values, terminator, predecessors } = block;
    const comesFromOutside = phis.some(({ operands }) =>
      operands.some((operand, index) => isPhi(operand) && !isInside(predecessors[index])),
    );
    if (comesFromOutside) return false;
    const isUsed =
      values.some(({ operands }) => operands.some(isPhi)) ||
      (terminator?.kind === "return" && isPhi(terminator.value)) ||
      (terminator?.kind === "branch" && block !== asking && [terminator.left, terminator.right].some(isPhi));
    return !isUsed || isInside(block);
  });
}

function questionOf(choice: Choice, block: Block): Question | undefined {
  const { terminator: branch } = block;
  if (branch?.kind !== "branch" || branch.left.current !== choice.phi || constantOf(branch.right) !== 0n)
    return undefined;
  const [whenTrue, whenFalse] = [answer(branch, choice.whenTrue), answer(branch, choice.whenFalse)];
  if (whenTrue === undefined || whenFalse === undefined || whenTrue === whenFalse) return undefined;
  return { block, branch, same: whenTrue, inside: branch.comparison === "eq" ? branch.whenFalse : branch.whenTrue };
}

function answer({ comparison, width }: Branch, value: Value): boolean | undefined {
  if (comparison !== "eq" && comparison !== "ne") return undefined;
  const constant = isNeverNull(value) ? 1n : constantOf(value);
  return constant === undefined ? undefined : evaluateComparison(comparison, width, constant, 0n);
}

function ask(irFunction: IrFunction, choice: Choice, { block, branch: asking, same }: Question): void {
  const { phi, decider, branch, whenTrue, whenFalse } = choice;
  const { left } = branch;
  const isSum = left.operation.kind === "binary" && constantOf(left.operands[1]) !== undefined;
  // It goes along, so that it need not be kept till there.
  if (isSum && countUses(irFunction).get(left) === 1 && decider.values.includes(left)) {
    decider.values = decider.values.filter((value) => value !== left);
    block.values.push(left);
  }
  const { comparison, width, right, pointers } = branch;
  block.terminator = {
    ...{ kind: "branch", comparison, width, left, right, position: asking.position },
    ...(pointers !== undefined && { pointers }),
    whenTrue: same ? asking.whenTrue : asking.whenFalse,
    whenFalse: same ? asking.whenFalse : asking.whenTrue,
  };
  phi.replaceWith(constantOf(whenTrue) === 0n ? whenFalse : whenTrue);
  decide(decider, branch.whenTrue);
}
