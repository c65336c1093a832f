import { Mistake } from "../diagnostics/mistake.ts";
import type { ExpressionSyntax } from "../syntax/expression.ts";
import type { UnaryOperator } from "../syntax/operators.ts";
import type { Expression } from "../tree/expression.ts";
import { toHost } from "../types/byte-order.ts";
import { wrap } from "../types/scalar.ts";
import { binary, promote, typeScalar } from "./arithmetic.ts";
import { convert } from "./coerce.ts";
import { literal } from "./literal.ts";
import type { Typing } from "./typing.ts";

/** `-x`, `~x` and `+x`, as the binary operators that they are. */
export function typeUnary(
  operator: Exclude<UnaryOperator, "!">,
  { operand: syntax, span }: ExpressionSyntax & { kind: "unary" },
  typing: Typing,
): Expression {
  const operand = typeScalar(operator, syntax, typing);
  const type = promote(operand.type);
  if (type.kind === "network" && operator !== "~")
    throw new Mistake("WEIR1103", span, operator, type.name, toHost(type));
  const value = convert(operand, type);
  if (operator === "+") return value;
  if (operator === "-") return binary("-", type, literal(type, 0n, span), value, span);
  return binary("^", type, value, literal(type, wrap(type, -1n), span), span);
}
