import type { Expression } from "../tree/expression.ts";
import type { Local } from "../tree/local.ts";
import type { Statement } from "../tree/statement.ts";

/**
 * The variable that a statement compares with null before it does anything else. A record that was looked up just before
 * need not be tested twice then.
 */
export function firstTested(statement: Statement): { readonly local: Local } | undefined {
  switch (statement.kind) {
    case "if":
      return inExpression(statement.condition);
    case "declare":
      return statement.initializer && inExpression(statement.initializer);
    case "return":
      return statement.value && inExpression(statement.value);
    case "expression":
      return inExpression(statement.expression);
    default:
      return undefined;
  }
}

function inExpression(node: Expression): { readonly local: Local } | undefined {
  switch (node.kind) {
    case "null-test":
      return node.operand.kind === "local" ? node.operand : undefined;
    case "optional":
      return node.record.kind === "local" ? node.record : inExpression(node.record);
    case "logical":
    case "binary":
    case "compare":
      return inExpression(node.left);
    case "not":
    case "convert":
      return inExpression(node.operand);
    case "conditional":
      return inExpression(node.condition);
    default:
      return undefined;
  }
}
