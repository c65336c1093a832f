import { helpers } from "@weir/bytecode/helpers";
import { kernelFunctions } from "@weir/bytecode/kernel-functions";
import { countUses } from "../code/use-counts.ts";
import { constantOf, evaluateComparison } from "../fold/constant.ts";
import { isNeverNull } from "../fold/never-null.ts";
import type { Block, Terminator } from "../ir/block.ts";
import { type Dominators, dominatorsOf } from "../ir/dominators.ts";
import { decide } from "../ir/edges.ts";
import type { IrFunction } from "../ir/function.ts";
import { type KernelCallee, kernelCallee } from "../ir/kernel-callee.ts";
import { settle } from "../ir/settle.ts";
import type { Value } from "../ir/value.ts";

const MOVING: ReadonlySet<KernelCallee> = new Set<KernelCallee>([
  ...helpers.filter(({ movesPacket }) => movesPacket).map(({ number }) => number),
  ...[...kernelFunctions.values()].filter(({ movesPacket }) => movesPacket).map(({ name }) => name),
]);

type Branch = Extract<Terminator, { kind: "branch" }>;

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
  const moves = movesPacket(irFunction);
  let dominators: Dominators<Block> | undefined;
  for (const block of irFunction.blocks) {
    const choice = choiceOf(block);
    // Addresses in a packet that was moved must not be compared any more.
    if (choice === undefined || (choice.branch.pointers && moves)) continue;
    dominators ??= dominatorsOf(irFunction);
    const questions = questionsAbout(choice, irFunction, dominators);
    // On a long way the verifier would go with what it does not know of the packet through all that lies between.
    if (questions?.every((question) => leadsTo(block, question.block))) ask(irFunction, choice, questions);
  }
  if (dominators !== undefined) settle(irFunction);
}

/** Whether there is nothing to decide from one block to another one. */
function leadsTo(from: Block, to: Block): boolean {
  let at = from;
  while (at !== to) {
    const next = at.terminator;
    if (next?.kind !== "jump" || next.target.predecessors.length > 1) return false;
    at = next.target;
  }
  return true;
}

function movesPacket({ blocks }: IrFunction): boolean {
  return blocks.some(({ values }) => values.some(mayMovePacket));
}

/** What another function does is not looked at, whether it is called here or by a helper. */
function mayMovePacket({ operation, operands }: Value): boolean {
  if (operation.kind === "call-function" || MOVING.has(kernelCallee(operation) ?? "")) return true;
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

/** The questions about a phi, if it is used for nothing else but what it is where it is not null. */
function questionsAbout(
  choice: Choice,
  { blocks }: IrFunction,
  dominators: Dominators<Block>,
): readonly Question[] | undefined {
  const { phi } = choice;
  const questions = blocks.flatMap((block) => questionOf(choice, block) ?? []);
  const isInside = (block: Block): boolean =>
    questions.some(({ block: asking, inside }) => {
      const [only, second] = inside.predecessors;
      return only === asking && second === undefined && dominators.dominates(inside, block);
    });
  for (const block of blocks) {
    for (const other of block.phis) {
      for (const [index, operand] of other.operands.entries()) {
        const from = block.predecessors[index];
        if (operand.current === phi && (from === undefined || !isInside(from))) return undefined;
      }
    }
    const { terminator } = block;
    const isUsed =
      block.values.some(({ operands }) => operands.some((operand) => operand.current === phi)) ||
      (terminator?.kind === "return" && terminator.value.current === phi) ||
      (terminator?.kind === "branch" &&
        !questions.some((question) => question.block === block) &&
        [terminator.left, terminator.right].some((value) => value.current === phi));
    if (isUsed && !isInside(block)) return undefined;
  }
  return questions.length === 0 ? undefined : questions;
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

function ask(irFunction: IrFunction, choice: Choice, questions: readonly Question[]): void {
  const { phi, decider, branch, whenTrue, whenFalse } = choice;
  const isOnlyAsked = countUses(irFunction).get(branch.left) === 1 && decider.values.includes(branch.left);
  const isSum = branch.left.operation.kind === "binary" && constantOf(branch.left.operands[1]) !== undefined;
  const again = isOnlyAsked && isSum;
  if (again) decider.values = decider.values.filter((value) => value !== branch.left);
  for (const { block, branch: asking, same } of questions) {
    let { left } = branch;
    // A sum with a constant is made anew, so that it need not be kept till there.
    if (again) {
      left = irFunction.value(branch.width, left.operation, [...left.operands], left.position);
      block.values.push(left);
    }
    const { comparison, width, right, pointers } = branch;
    const arms = same
      ? { whenTrue: asking.whenTrue, whenFalse: asking.whenFalse }
      : { whenTrue: asking.whenFalse, whenFalse: asking.whenTrue };
    block.terminator = {
      ...{ kind: "branch", comparison, width, left, right, position: asking.position },
      ...(pointers !== undefined && { pointers }),
      ...arms,
    };
  }
  phi.replaceWith(constantOf(whenTrue) === 0n ? whenFalse : whenTrue);
  decide(decider, branch.whenTrue);
}
