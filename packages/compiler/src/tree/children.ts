import type { Expression } from "./expression.ts";

/** The expressions directly in an expression, in the order of their evaluation. */
export function childExpressions(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case "literal":
    case "null":
    case "config":
    case "local":
    case "global":
      return [];
    case "optional":
      return [node.record, node.whenFound, node.otherwise];
    case "member":
      return [node.record];
    case "kernel-field":
      return [node.object];
    case "element":
      return [node.array, node.index];
    case "convert":
    case "null-test":
    case "not":
      return [node.operand];
    case "binary":
    case "compare":
    case "logical":
      return [node.left, node.right];
    case "conditional":
      return [node.condition, node.whenTrue, node.whenFalse];
    case "assign":
    case "update":
      return [node.target, node.value];
    case "call":
      return node.arguments;
    case "builtin":
      return node.found === undefined ? node.arguments : [node.found, ...node.arguments];
    case "record":
      return node.fields.map(({ value }) => value);
    case "list":
      return node.elements;
  }
}
