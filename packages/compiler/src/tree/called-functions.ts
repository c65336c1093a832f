import type { FunctionTree } from "./function.ts";
import { expressionsIn } from "./nodes.ts";

/** What a function itself calls or has called back, as often as it does. */
export function calledFunctions({ body }: FunctionTree): readonly FunctionTree[] {
  const calls: FunctionTree[] = [];
  for (const node of expressionsIn(body)) {
    if (node.kind === "call") calls.push(node.function);
    if (node.kind === "builtin" && node.callback !== undefined) calls.push(node.callback);
  }
  return calls;
}

/**
 * A function and all that it calls or has called back, each once.
 *
 * @param enters whether a function that is called belongs to them, with what it calls
 */
export function reachableFunctions(
  start: FunctionTree,
  enters: (tree: FunctionTree) => boolean = () => true,
): ReadonlySet<FunctionTree> {
  const found = new Set<FunctionTree>();
  const add = (tree: FunctionTree): void => {
    if (found.has(tree) || (tree !== start && !enters(tree))) return;
    found.add(tree);
    for (const called of calledFunctions(tree)) add(called);
  };
  add(start);
  return found;
}
