import { constantOf, evaluateComparison } from "../fold/constant.ts";
import type { Block, Terminator } from "../ir/block.ts";
import { dominatorsOf } from "../ir/dominators.ts";
import { decide } from "../ir/edges.ts";
import type { IrFunction } from "../ir/function.ts";
import { INVERTED } from "../ir/operation.ts";
import { settle } from "../ir/settle.ts";
import type { Value } from "../ir/value.ts";

type Branch = Extract<Terminator, { kind: "branch" }>;

/** What is known in a block because of the branch that led there. */
interface Fact {
  readonly branch: Branch;
  readonly holds: boolean;
}

/**
 * Decides branches that a dominating branch has answered: the same question again, and packet bounds checks of a
 * pointer that has been checked for as many bytes.
 *
 * Needs: whole IR. Gives: whole IR, fewer branches. Destroys: dominators.
 */
export function decideKnownBranches(irFunction: IrFunction): void {
  const dominators = dominatorsOf(irFunction);
  const facts: Fact[] = [];
  const visit = (block: Block): void => {
    const before = facts.length;
    const fact = factOnEntry(block);
    if (fact !== undefined) facts.push(fact);
    const { terminator } = block;
    if (terminator?.kind === "branch") {
      for (const known of facts) {
        const answer = answerOf(terminator, known);
        if (answer === undefined) continue;
        decide(block, answer ? terminator.whenTrue : terminator.whenFalse);
        break;
      }
    }
    for (const child of dominators.children(block)) visit(child);
    facts.length = before;
  };
  visit(irFunction.entry);
  settle(irFunction);
}

function factOnEntry(block: Block): Fact | undefined {
  const [only, second] = block.predecessors;
  const branch = only?.terminator;
  if (second !== undefined || branch?.kind !== "branch") return undefined;
  return { branch, holds: branch.whenTrue === block };
}

function answerOf(question: Branch, { branch, holds }: Fact): boolean | undefined {
  if (question.width !== branch.width) return undefined;
  if (question.left === branch.left) {
    if (question.right === branch.right) return answerOfSame(question, branch, holds);
    // x is known to be c: any question about x and a constant has its answer.
    const known = constantOf(branch.right);
    const asked = constantOf(question.right);
    const equal = (branch.comparison === "eq" && holds) || (branch.comparison === "ne" && !holds);
    if (!equal || known === undefined || asked === undefined) return undefined;
    return evaluateComparison(question.comparison, question.width, known, asked);
  }
  if (!question.pointers || !branch.pointers || question.right !== branch.right) return undefined;
  // p + size > end: what is inside stays inside with a smaller size, what is outside stays outside with a larger one.
  const asked = limitOf(question.left);
  const known = limitOf(branch.left);
  if (asked.base !== known.base) return undefined;
  if (!holds && asked.size <= known.size) return false;
  return holds && asked.size >= known.size ? true : undefined;
}

function answerOfSame(question: Branch, branch: Branch, holds: boolean): boolean | undefined {
  if (question.comparison === branch.comparison) return holds;
  const opposite = INVERTED[branch.comparison];
  return question.comparison === opposite ? !holds : undefined;
}

/** The pointer and the constant that a bounds check adds to it. */
function limitOf(limit: Value): { readonly base: Value; readonly size: bigint } {
  const [base, added] = limit.operands;
  const size = constantOf(added);
  const isSum = limit.operation.kind === "binary" && limit.operation.operator === "add";
  return isSum && base !== undefined && size !== undefined ? { base, size } : { base: limit, size: 0n };
}
