import type { Reporter } from "../diagnostics/reporter.ts";
import { calledFunctions } from "../tree/called-functions.ts";
import type { FunctionTree } from "../tree/function.ts";

/** Copies of a function in one program: a few thousand are all the code that there can be, and each takes time. */
const MOST = 1000;

/** Refuses functions that become far too many copies, one for each way to call them: two calls of a function with two calls are four. */
export function checkCopies(program: FunctionTree, reporter: Reporter): void {
  const copies = new Map<FunctionTree, number>([[program, 1]]);
  for (const [tree, calls] of callersFirst(program)) {
    const own = tree.linkage === "inline" ? (copies.get(tree) ?? 0) : 1;
    if (own > MOST) {
      reporter.report("WEIR1414", tree.span, tree.name, own);
      return;
    }
    for (const called of calls) copies.set(called, (copies.get(called) ?? 0) + own);
  }
}

/** A function and all that it calls, each behind all that call it, with its calls. */
function callersFirst(start: FunctionTree): readonly (readonly [FunctionTree, readonly FunctionTree[]])[] {
  const done = new Set<FunctionTree>();
  const order: [FunctionTree, readonly FunctionTree[]][] = [];
  const visit = (tree: FunctionTree): void => {
    if (done.has(tree)) return;
    done.add(tree);
    const calls = calledFunctions(tree);
    for (const called of calls) visit(called);
    order.push([tree, calls]);
  };
  visit(start);
  return order.reverse();
}
