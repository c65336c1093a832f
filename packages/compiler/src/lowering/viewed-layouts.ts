import type { Layout } from "@weir/bytecode/layout";
import { reachableFunctions } from "../tree/called-functions.ts";
import { capturesOf } from "../tree/captures.ts";
import type { Expression } from "../tree/expression.ts";
import type { FunctionTree } from "../tree/function.ts";
import { expressionsIn } from "../tree/nodes.ts";

/** The layouts of all records of which a program needs the address: for `view`, for atomic additions, for functions that are called. */
export function viewedLayouts(program: FunctionTree): ReadonlySet<Layout> {
  const layouts = new Set<Layout>();
  const add = (node: Expression): void => {
    if (node.type.kind === "record" || node.type.kind === "array") layouts.add(node.type.layout);
    // A part of a record lies where the record does.
    if (node.kind === "member") add(node.record);
    if (node.kind === "element") add(node.array);
  };
  for (const tree of reachableFunctions(program)) {
    for (const node of expressionsIn(tree.body)) {
      // A function of its own is given the address.
      if (node.kind === "call" && node.function.linkage !== "inline") node.arguments.forEach(add);
      if (node.kind !== "builtin") continue;
      // A callback is given the addresses of the records around.
      for (const { type } of node.callback === undefined ? [] : capturesOf(node.callback).locals.keys()) {
        if (type.kind === "record" || type.kind === "array") layouts.add(type.layout);
      }
      for (const index of [node.builtin.inMemory ?? []].flat()) {
        const record = node.arguments[index];
        if (record !== undefined) add(record);
      }
    }
  }
  return layouts;
}
