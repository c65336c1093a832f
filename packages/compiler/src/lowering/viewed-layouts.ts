import type { Layout } from "@weir/bytecode/layout";
import { reachableFunctions, walk } from "../tree/children.ts";
import type { Expression } from "../tree/expression.ts";
import type { FunctionTree } from "../tree/function.ts";

/** The layouts of all records that a program looks at through `view`, or of which it adds to a field atomically. */
export function viewedLayouts(program: FunctionTree): ReadonlySet<Layout> {
  const layouts = new Set<Layout>();
  const add = (node: Expression): void => {
    if (node.type.kind === "record" || node.type.kind === "array") layouts.add(node.type.layout);
    // A part of a record lies where the record does.
    if (node.kind === "member") add(node.record);
    if (node.kind === "element") add(node.array);
  };
  for (const tree of reachableFunctions(program)) {
    walk(tree.body, {
      expression: (node) => {
        const [record] = node.kind === "builtin" ? node.arguments : [];
        if (record !== undefined && node.kind === "builtin" && node.builtin.needsMemory === true) add(record);
      },
    });
  }
  return layouts;
}
