import type { Expression } from "./expression.ts";

/** Whether an expression is a table of constants, or a record or array in one: the kernel refuses programs that write there. */
export function isReadOnly(node: Expression): boolean {
  switch (node.kind) {
    case "global":
      return node.global.section === ".rodata";
    case "local":
      return node.local.readOnly;
    case "member":
      return isReadOnly(node.record);
    case "element":
      return isReadOnly(node.array);
    default:
      return false;
  }
}
