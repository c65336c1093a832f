import { Mistake } from "../diagnostics/mistake.ts";
import type { Span } from "../source-file.ts";
import type { ExpressionSyntax, OptionalSyntax } from "../syntax/expression.ts";
import { type ComparisonOperator, mirrored } from "../syntax/operators.ts";
import type { Expression } from "../tree/expression.ts";
import { booleanType, isScalar, type KernelType } from "../types/kernel-type.ts";
import { maximum, minimum } from "../types/scalar.ts";
import { typeName } from "../types/type-name.ts";
import { commonType, typeOperands } from "./arithmetic.ts";
import { convert } from "./coerce.ts";
import { booleanLiteral } from "./literal.ts";
import { withRecord } from "./optional.ts";
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
  if (equality) {
    const [optional, other] = left.kind === "optional" ? [left, right] : [right, left];
    if (optional.kind === "optional") return compareOptional(operator, optional, other, span, typing);
    // Of two numbers without a type nothing is known before; all else says what it is compared as.
    const node = typing.constants.evaluate(left)?.kind === "integer" ? undefined : typing.expression(left);
    if (node?.type.kind === "boolean") return compare(operator, node, typing.boolean(right), span);
    if (node !== undefined && isScalar(node.type)) return compareScalars(operator, node, right, span, typing);
  }
  // A literal is compared with the other operand as it is, not as it is computed with: a u8 is never 300.
  const [a, b] = typeOperands(operator, left, right, typing, (type) => type);
  const type = commonType(operator, a.type, b.type, span);
  if (!typing.isInstance) {
    if (right.kind === "number") checkUndecided(operator, a.type, b, span);
    if (left.kind === "number") checkUndecided(mirrored(operator), b.type, a, span);
  }
  return compare(operator, convert(a, type), convert(b, type), span);
}

/** Refuses to compare with a number in a way that has one answer for all values of the type: `count >= 0` is a loop without end. */
function checkUndecided(operator: ComparisonOperator, type: KernelType, number: Expression, span: Span): void {
  if (type.kind !== "integer" || number.kind !== "literal") return;
  const [least, most] = [number.value === minimum(type), number.value === maximum(type)];
  if (least && (operator === "<" || operator === ">=")) {
    throw new Mistake("WEIR1118", span, type.name, "less than", number.value, String(operator === ">="));
  }
  if (most && (operator === ">" || operator === "<=")) {
    throw new Mistake("WEIR1118", span, type.name, "more than", number.value, String(operator === "<="));
  }
}

/** Without a number for it, nothing is equal to what is not there. */
function compareOptional(
  operator: "===" | "!==",
  optional: OptionalSyntax,
  other: ExpressionSyntax,
  span: Span,
  typing: Typing,
): Expression {
  return withRecord(optional, typing, (value) => ({
    whenFound:
      value.type.kind === "boolean"
        ? compare(operator, value, typing.boolean(other), span)
        : compareScalars(operator, value, other, span, typing),
    otherwise: booleanLiteral(operator === "!==", span),
  }));
}

/** A left side that is typed already. */
function compareScalars(
  operator: ComparisonOperator,
  left: Expression,
  rightSyntax: ExpressionSyntax,
  span: Span,
  typing: Typing,
): Expression {
  const constant = typing.constants.evaluate(rightSyntax);
  const adapts = constant?.kind === "integer" && constant.type === undefined;
  const right = typing.expression(rightSyntax, adapts ? left.type : undefined);
  if (!isScalar(left.type) || !isScalar(right.type)) {
    const wrong = isScalar(left.type) ? right : left;
    throw new Mistake(
      "WEIR1108",
      wrong.span,
      `an integer for \`${operator}\``,
      typeName(wrong.type, typing.layoutNames),
    );
  }
  const type = commonType(operator, left.type, right.type, span);
  return compare(operator, convert(left, type), convert(right, type), span);
}

export const compare = (operator: ComparisonOperator, left: Expression, right: Expression, span: Span): Expression =>
  Object.freeze({ kind: "compare", type: booleanType, operator, left, right, span });

function nullTest(syntax: ExpressionSyntax, whenNull: boolean, span: Span, typing: Typing): Expression {
  const operand = typing.expression(syntax);
  if (!["record", "kernel", "map"].includes(operand.type.kind)) {
    throw new Mistake("WEIR1108", syntax.span, "a record or null", typeName(operand.type, typing.layoutNames));
  }
  return Object.freeze({ kind: "null-test", type: booleanType, operand, whenNull, span });
}

export const isNotNull = (operand: Expression, span: Span): Expression =>
  Object.freeze({ kind: "null-test", type: booleanType, operand, whenNull: false, span });
