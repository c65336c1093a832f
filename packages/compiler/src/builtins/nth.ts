import type { BuiltinNode } from "../tree/call.ts";
import type { Expression } from "../tree/expression.ts";

/** An argument that the check has put there. */
export function nth(node: BuiltinNode, index: number): Expression {
  const argument = node.arguments[index];
  if (argument === undefined) throw new Error(`${node.builtin.name} has no argument ${index}`);
  return argument;
}

export const only = (node: BuiltinNode): Expression => nth(node, 0);
