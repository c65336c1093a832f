import { walk } from "../tree/children.ts";
import type { FunctionTree } from "../tree/function.ts";
import type { Local } from "../tree/local.ts";

const known = new WeakMap<FunctionTree, ReadonlySet<Local>>();

/** The variables of a function, which are gone when it has ended. */
export function ownLocals(tree: FunctionTree): ReadonlySet<Local> {
  const found = known.get(tree) ?? findLocals(tree);
  known.set(tree, found);
  return found;
}

function findLocals({ parameters, body }: FunctionTree): ReadonlySet<Local> {
  const found = new Set(parameters);
  walk(body, {
    statement: (node) => {
      if (node.kind === "declare") found.add(node.local);
    },
    expression: (node) => {
      if (node.kind === "optional") found.add(node.found);
    },
  });
  return found;
}
