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
      return node.type.kind !== "integer" && node.type.kind !== "network" && isFresh(node.record);
    case "element":
      return node.type.kind !== "integer" && node.type.kind !== "network" && isFresh(node.array);
    default:
      return false;
  }
}
