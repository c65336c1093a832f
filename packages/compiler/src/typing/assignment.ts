import { Mistake } from "../diagnostics/mistake.ts";
import type { Span } from "../source-file.ts";
import type { ExpressionSyntax } from "../syntax/expression.ts";
import type { ArithmeticOperator } from "../syntax/operators.ts";
import type { Place } from "../tree/access.ts";
import type { Expression } from "../tree/expression.ts";
import { isFresh } from "../tree/fresh.ts";
import { holdsKernelOwned } from "../types/kernel-owned.ts";
import { type ArrayType, isScalar, type RecordType, type ScalarType, voidType } from "../types/kernel-type.ts";
import { typeName } from "../types/type-name.ts";
import {
  checkDivision,
  checkNetworkOperator,
  commonType,
  isShift,
  makeShift,
  promote,
  type ScalarExpression,
  typeScalar,
} from "./arithmetic.ts";
import { coerce, convert, fits } from "./coerce.ts";
import { literal } from "./literal.ts";
import { typePart } from "./record.ts";
import type { Typing } from "./typing.ts";

type AssignSyntax = ExpressionSyntax & { readonly kind: "assign" };

export function typeAssignment(syntax: AssignSyntax, typing: Typing): Expression {
  const target = typePlace(syntax.target, typing);
  if (syntax.operator !== undefined) return typeUpdate(target, syntax.operator, syntax, typing);
  if (target.kind !== "local" && (target.type.kind === "record" || target.type.kind === "array")) {
    return typeCopy(target, target.type, syntax, typing);
  }
  const type = target.kind === "local" ? target.local.type : target.type;
  if (target.kind === "local" && type.kind === "record" && !target.local.mutable) {
    throw new Mistake("WEIR1303", syntax.span);
  }
  const value = typing.value(syntax.value, type);
  if (isFresh(value)) throw new Mistake("WEIR1304", syntax.span);
  return Object.freeze({ kind: "assign", type, target, value, span: syntax.span });
}

/** `to.address = from.address`: what is in one record or array becomes what is in the other. */
function typeCopy(target: Place, type: RecordType | ArrayType, syntax: AssignSyntax, typing: Typing): Expression {
  if (holdsKernelOwned(type.layout)) throw new Mistake("WEIR1310", syntax.span);
  const value = typePart(syntax.value, type.layout, typing);
  return Object.freeze({ kind: "assign", type: voidType, target, value, span: syntax.span });
}

/** `++` and `--`. */
export function typeStep(syntax: ExpressionSyntax & { kind: "step" }, typing: Typing): Expression {
  const target = typePlace(syntax.target, typing);
  const type = integerPlace(target, typing);
  if (type.kind === "network") commonType(`${syntax.operator}${syntax.operator}`, type, type, syntax.span);
  const operation = promote(type);
  return update(
    target,
    syntax.operator,
    operation,
    literal(operation, 1n, syntax.span),
    syntax.prefix ? "after" : "before",
    syntax.span,
  );
}

/** What is assigned to: a variable, a field, an element. */
function typePlace(syntax: ExpressionSyntax, typing: Typing): Place {
  const node = typing.expression(syntax);
  if (node.kind === "local") return node;
  if (node.kind === "member" || node.kind === "element" || node.kind === "global") {
    return node;
  }
  if (node.kind === "kernel-field") throw new Mistake("WEIR1324", syntax.span);
  throw new Mistake("WEIR1108", syntax.span, "a variable or a field", typeName(node.type, typing.layoutNames));
}

function integerPlace(target: Place, typing: Typing): ScalarType {
  if (isScalar(target.type)) return target.type;
  throw new Mistake("WEIR1108", target.span, "an integer", typeName(target.type, typing.layoutNames));
}

/** `x += y` is computed like `x + y` and then cut to `x`'s type; `y` itself must fit into it. */
function typeUpdate(target: Place, operator: ArithmeticOperator, syntax: AssignSyntax, typing: Typing): Expression {
  const type = integerPlace(target, typing);
  const place = target as Place & ScalarExpression; // Its type was looked at in the line above.
  if (isShift(operator)) {
    const amount = typeScalar(operator, syntax.value, typing);
    makeShift(operator, place, amount, syntax.span);
    return update(target, operator, promote(type), convert(amount, promote(type)), "after", syntax.span);
  }
  if (type.kind === "network") checkNetworkOperator(operator, type, target.span);
  const value = typing.expression(syntax.value, promote(type));
  if (!isScalar(value.type)) coerce(value, type, typing.layoutNames);
  const scalar = value as ScalarExpression; // The line above throws for everything else.
  const operation = commonType(operator, type, scalar.type, syntax.span);
  checkDivision(operator, value, syntax.span);
  if (!fits(value, type)) throw new Mistake("WEIR1101", syntax.value.span, scalar.type.name, type.name);
  return update(target, operator, operation, convert(value, operation), "after", syntax.span);
}

const update = (
  target: Place,
  operator: ArithmeticOperator,
  operation: ScalarType,
  value: Expression,
  gives: "before" | "after",
  span: Span,
): Expression => {
  const type = target.type as ScalarType; // Both callers have checked it with integerPlace.
  return Object.freeze({ kind: "update", type, target, operator, operation, value, gives, span });
};
