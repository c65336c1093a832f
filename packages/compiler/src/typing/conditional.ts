import { Mistake } from "../diagnostics/mistake.ts";
import type { ExpressionSyntax } from "../syntax/expression.ts";
import type { Expression } from "../tree/expression.ts";
import { isFresh } from "../tree/fresh.ts";
import { isScalar, type KernelType, recordType } from "../types/kernel-type.ts";
import { commonType } from "./arithmetic.ts";
import { coerce } from "./coerce.ts";
import type { Typing } from "./typing.ts";

/** `condition ? a : b`: a literal takes the other's type, two integers the wider one. */
export function typeConditional(
  syntax: ExpressionSyntax & { kind: "conditional" },
  expected: KernelType | undefined,
  typing: Typing,
): Expression {
  const condition = typing.condition(syntax.condition);
  const [left, right] = typeArms(syntax, expected, typing);
  const type = resultType(left, right, syntax);
  return Object.freeze({
    kind: "conditional",
    type,
    condition,
    whenTrue: coerce(left, type, typing.layoutNames),
    whenFalse: coerce(right, type, typing.layoutNames),
    span: syntax.span,
  });
}

function typeArms(
  { whenTrue, whenFalse }: ExpressionSyntax & { kind: "conditional" },
  expected: KernelType | undefined,
  typing: Typing,
): [Expression, Expression] {
  const adapts = (arm: ExpressionSyntax) => {
    const constant = typing.constants.evaluate(arm);
    return arm.kind === "null" || (constant?.kind === "integer" && constant.type === undefined);
  };
  if (adapts(whenTrue) && !adapts(whenFalse)) {
    const right = typing.expression(whenFalse, expected);
    return [typing.expression(whenTrue, expected ?? right.type), right];
  }
  const left = typing.expression(whenTrue, expected);
  return [left, typing.expression(whenFalse, expected ?? (adapts(whenFalse) ? left.type : undefined))];
}

function resultType(left: Expression, right: Expression, { span }: ExpressionSyntax): KernelType {
  const [a, b] = [left.type, right.type];
  if (isFresh(left) || isFresh(right)) throw new Mistake("WEIR1304", span);
  if (a === b) return a;
  if (isScalar(a) && isScalar(b)) {
    if (a.kind === "integer" && b.kind === "integer" && a.signed === b.signed) return a.bits > b.bits ? a : b;
    return commonType("? :", a, b, span);
  }
  if (a.kind === "record" && b.kind === "record") return recordType(a.layout, a.nullable || b.nullable);
  return a;
}
