import { Mistake } from "../diagnostics/mistake.ts";
import type { Span } from "../source-file.ts";
import type { ExpressionSyntax } from "../syntax/expression.ts";
import type { ComparisonOperator } from "../syntax/operators.ts";
import type { Expression } from "../tree/expression.ts";
import { booleanType } from "../types/kernel-type.ts";
import { typeName } from "../types/type-name.ts";
import { commonType, typeOperands } from "./arithmetic.ts";
import { convert } from "./coerce.ts";
import type { Typing } from "./typing.ts";

/** `===`, `<` and the like: of integers, of what is in network order, of booleans, of records with null. */
export function typeComparison(
  operator: ComparisonOperator,
  left: ExpressionSyntax,
  right: ExpressionSyntax,
  span: Span,
  typing: Typing,
): Expression {
  const equality = operator === "===" || operator === "!==";
  if (equality && left.kind === "null") return nullTest(right, operator === "===", span, typing);
  if (equality && right.kind === "null") return nullTest(left, operator === "===", span, typing);
  if (equality && (isBoolean(left, typing) || isBoolean(right, typing))) {
    return compare(operator, typing.boolean(left), typing.boolean(right), span);
  }
  // A literal is compared with the other operand as it is, not as it is computed with: a u8 is never 300.
  const [a, b] = typeOperands(operator, left, right, typing, (type) => type);
  const type = commonType(operator, a.type, b.type, span);
  return compare(operator, convert(a, type), convert(b, type), span);
}

export const compare = (operator: ComparisonOperator, left: Expression, right: Expression, span: Span): Expression =>
  Object.freeze({ kind: "compare", type: booleanType, operator, left, right, span });

const booleanOperators = new Set<string>(["===", "!==", "<", "<=", ">", ">=", "&&", "||"]);

/** Told from the syntax, so that no operand is typed twice. */
function isBoolean(syntax: ExpressionSyntax, typing: Typing): boolean {
  switch (syntax.kind) {
    case "boolean":
      return true;
    case "unary":
      return syntax.operator === "!";
    case "binary":
      return booleanOperators.has(syntax.operator);
    case "name":
      return typing.local(syntax)?.type.kind === "boolean" || typing.constants.evaluate(syntax)?.kind === "boolean";
    case "conditional":
      return isBoolean(syntax.whenTrue, typing);
    case "call": {
      const callee = typing.constants.evaluate(syntax.callee);
      return callee?.kind === "function" && callee.function.returnType?.kind === "boolean";
    }
    default:
      return false;
  }
}

function nullTest(syntax: ExpressionSyntax, whenNull: boolean, span: Span, typing: Typing): Expression {
  const operand = typing.expression(syntax);
  if (operand.type.kind !== "record") {
    throw new Mistake("WEIR1108", syntax.span, "a record or null", typeName(operand.type, typing.layoutNames));
  }
  return Object.freeze({ kind: "null-test", type: booleanType, operand, whenNull, span });
}

export const isNotNull = (operand: Expression, span: Span): Expression =>
  Object.freeze({ kind: "null-test", type: booleanType, operand, whenNull: false, span });
