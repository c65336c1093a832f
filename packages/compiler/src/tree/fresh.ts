import type { Expression } from "./expression.ts";

/** Whether an expression is a record that the program made, or a part of one: its fields may be in registers. */
export function isFresh(node: Expression): boolean {
  switch (node.kind) {
    case "record":
    case "list":
      return true;
    case "local":
      return node.local.fresh;
    case "call":
      return node.function.fresh;
    case "member":
      return isReference(node) && isFresh(node.record);
    case "element":
      return isReference(node) && isFresh(node.array);
    default:
      return false;
  }
}

const isReference = ({ type }: Expression): boolean => type.kind === "record" || type.kind === "array";
