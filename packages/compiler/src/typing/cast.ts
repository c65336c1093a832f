import { resolveType } from "../constants/resolve-type.ts";
import { Mistake } from "../diagnostics/mistake.ts";
import type { ExpressionSyntax } from "../syntax/expression.ts";
import type { TypeSyntax } from "../syntax/type.ts";
import type { Expression } from "../tree/expression.ts";
import { toHost } from "../types/byte-order.ts";
import { wrap } from "../types/scalar.ts";
import { typeName } from "../types/type-name.ts";
import { convert } from "./coerce.ts";
import { literal } from "./literal.ts";
import type { Typing } from "./typing.ts";

/** `x as u16`: keeps the low bits, extends as the operand's sign says. */
export function typeCast(
  { operand: syntax, type: to, span }: ExpressionSyntax & { kind: "cast" },
  typing: Typing,
): Expression {
  // TypeScript takes `x as u32 & 15` for a conversion to the type `u32 & 15`.
  const operator = operatorIn(to);
  if (operator !== undefined) throw new Mistake("WEIR1119", to.span, operator);
  const type = resolveType(to, typing.constants);
  if (type === undefined) throw new Mistake("WEIR1208", to.span);
  const constant = typing.constants.evaluate(syntax);
  if (constant?.kind === "integer" && type.kind === "integer" && constant.type?.kind !== "network") {
    return literal(type, wrap(type, constant.value), span);
  }
  const operand = typing.expression(syntax);
  if (operand.type === type) return operand;
  if (operand.type.kind === "integer" && type.kind === "integer") return convert(operand, type);
  if (operand.type.kind === "network" && type.kind === "integer")
    throw new Mistake("WEIR1102", span, operand.type.name, type.name, toHost(operand.type));
  throw new Mistake("WEIR1111", span, typeName(operand.type, typing.layoutNames), typeName(type, typing.layoutNames));
}

/** The operator of types that was meant for one of numbers. */
function operatorIn(type: TypeSyntax): "&" | "|" | undefined {
  if (type.kind === "union") return type.members.some(({ kind }) => kind === "null") ? undefined : "|";
  return type.kind === "unsupported" && type.what.includes("&") ? "&" : undefined;
}
