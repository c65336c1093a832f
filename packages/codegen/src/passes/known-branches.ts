import { constantOf, evaluateComparison } from "../fold/constant.ts";
import type { Block, Branch } from "../ir/block.ts";
import { countedMaxima } from "../ir/counted-maxima.ts";
import { dominatorsOf } from "../ir/dominators.ts";
import { decide } from "../ir/edges.ts";
import type { IrFunction } from "../ir/function.ts";
import { findLoops } from "../ir/loops.ts";
import { INVERTED } from "../ir/operation.ts";
import { settle } from "../ir/settle.ts";
import type { Value } from "../ir/value.ts";

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
  const maxima = countedMaxima(findLoops(dominators), dominators);
  const facts: Fact[] = [];
  const visit = (block: Block): void => {
    const before = facts.length;
    const fact = factOnEntry(block);
    if (fact !== undefined) facts.push(fact);
    const { terminator } = block;
    if (terminator?.kind === "branch") {
      for (const known of facts) {
        const answer = answerOf(terminator, known, maxima);
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

function answerOf(question: Branch, { branch, holds }: Fact, maxima: ReadonlyMap<Value, bigint>): boolean | undefined {
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
  const known = limitOf(branch.left);
  if (!holds) {
    const asked = limitOf(question.left, maxima);
    return asked.base === known.base && asked.size <= known.size ? false : undefined;
  }
  const asked = limitOf(question.left);
  return asked.base === known.base && asked.size >= known.size ? true : undefined;
}

function answerOfSame(question: Branch, branch: Branch, holds: boolean): boolean | undefined {
  if (question.comparison === branch.comparison) return holds;
  const opposite = INVERTED[branch.comparison];
  return question.comparison === opposite ? !holds : undefined;
}

/** The pointer that a bounds check adds to, and what it adds; of a counter of a loop the most that it can be. */
function limitOf(
  limit: Value,
  maxima: ReadonlyMap<Value, bigint> = new Map(),
): { readonly base: Value; readonly size: bigint } {
  let base = limit.current;
  let size = 0n;
  for (;;) {
    const [first, second] = base.operands.map((operand) => operand.current);
    if (base.operation.kind !== "binary" || base.operation.operator !== "add") return { base, size };
    if (first === undefined || second === undefined) return { base, size };
    const constant = constantOf(second);
    const added = constant === undefined ? maxima.get(second) : BigInt.asIntN(64, constant);
    // By age, and a counter may be older than the pointer.
    const other = added === undefined ? maxima.get(first) : undefined;
    if (added === undefined && other === undefined) return { base, size };
    size += added ?? other ?? 0n;
    base = added === undefined ? second : first;
  }
}
