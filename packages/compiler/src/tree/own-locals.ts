import type { FunctionTree } from "./function.ts";
import type { Local } from "./local.ts";
import { expressionsIn, statementsIn } from "./nodes.ts";

const known = new WeakMap<FunctionTree, ReadonlySet<Local>>();

/** The variables of a function, which are gone when it has ended. */
export function ownLocals(tree: FunctionTree): ReadonlySet<Local> {
  const found = known.get(tree) ?? findLocals(tree);
  known.set(tree, found);
  return found;
}

function findLocals({ parameters, body }: FunctionTree): ReadonlySet<Local> {
  const found = new Set(parameters);
  for (const node of statementsIn(body)) if (node.kind === "declare") found.add(node.local);
  for (const node of expressionsIn(body)) if (node.kind === "optional") found.add(node.found);
  return found;
}
