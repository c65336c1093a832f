import { Mistake } from "../diagnostics/mistake.ts";
import type { ExpressionSyntax } from "../syntax/expression.ts";
import { isLogical } from "../syntax/operators.ts";
import type { Expression } from "../tree/expression.ts";
import { booleanType, isScalar } from "../types/kernel-type.ts";
import { typeName } from "../types/type-name.ts";
import { compare, isNotNull } from "./comparison.ts";
import { booleanLiteral, literal } from "./literal.ts";
import { withRecord } from "./optional.ts";
import type { Typing } from "./typing.ts";

/** What decides a branch: a boolean, a number that is not 0, a record that is not null. */
export function typeCondition(syntax: ExpressionSyntax, typing: Typing): Expression {
  const constant = typing.constants.evaluate(syntax);
  if (constant?.kind === "boolean") return booleanLiteral(constant.value, syntax.span);
  if (constant?.kind === "integer") return booleanLiteral(constant.value !== 0n, syntax.span);
  if (syntax.kind === "unary" && syntax.operator === "!")
    return not(typeCondition(syntax.operand, typing), syntax.span);
  if (syntax.kind === "binary" && isLogical(syntax.operator)) {
    const left = typeCondition(syntax.left, typing);
    const right = typeCondition(syntax.right, typing);
    return Object.freeze({
      kind: "logical",
      type: booleanType,
      operator: syntax.operator,
      left,
      right,
      span: syntax.span,
    });
  }
  if (syntax.kind === "optional") {
    return withRecord(syntax, typing, (value) => ({
      whenFound: asCondition(value, typing),
      otherwise: booleanLiteral(false, syntax.span),
    }));
  }
  return asCondition(typing.expression(syntax), typing);
}

function asCondition(node: Expression, typing: Typing): Expression {
  const { span } = node;
  if (node.type.kind === "boolean") return node;
  if (isScalar(node.type)) return compare("!==", node, literal(node.type, 0n, span), span);
  if (["record", "kernel", "map"].includes(node.type.kind)) return isNotNull(node, span);
  throw new Mistake("WEIR1108", span, "a condition", typeName(node.type, typing.layoutNames));
}

export const not = (operand: Expression, span: ExpressionSyntax["span"]): Expression =>
  Object.freeze({ kind: "not", type: booleanType, operand, span });
