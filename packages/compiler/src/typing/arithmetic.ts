import type { ConstantOf } from "../constants/constant.ts";
import { Mistake } from "../diagnostics/mistake.ts";
import type { Span } from "../source-file.ts";
import type { ExpressionSyntax } from "../syntax/expression.ts";
import type { ArithmeticOperator } from "../syntax/operators.ts";
import type { Expression } from "../tree/expression.ts";
import { toHost } from "../types/byte-order.ts";
import { isScalar, type KernelType, type ScalarType } from "../types/kernel-type.ts";
import { type IntegerType, integerType, type NetworkType } from "../types/scalar.ts";
import { typeName } from "../types/type-name.ts";
import { convert } from "./coerce.ts";
import { adaptLiteral } from "./literal.ts";
import type { Typing } from "./typing.ts";

/** Integers are computed with in at least 32 bits. */
export const promote = (type: ScalarType): ScalarType =>
  type.kind === "integer" && type.bits < 32 ? integerType(32, type.signed) : type;

/** `left operator right`: the wider operand decides, literals adapt, a shift has its left operand's type. */
export function typeArithmetic(
  operator: ArithmeticOperator,
  leftSyntax: ExpressionSyntax,
  rightSyntax: ExpressionSyntax,
  expected: KernelType | undefined,
  span: Span,
  typing: Typing,
): Expression {
  if (isShift(operator)) return typeShift(operator, leftSyntax, rightSyntax, expected, span, typing);
  const [left, right] = typeOperands(operator, leftSyntax, rightSyntax, typing);
  return makeArithmetic(operator, left, right, span);
}

export const isShift = (operator: ArithmeticOperator): operator is "<<" | ">>" | ">>>" =>
  operator === "<<" || operator === ">>" || operator === ">>>";

/** Both operands, not converted to one type yet; a literal has the other's type. */
export function typeOperands(
  operator: string,
  leftSyntax: ExpressionSyntax,
  rightSyntax: ExpressionSyntax,
  typing: Typing,
  literalsAs: (type: ScalarType) => ScalarType = promote,
): [left: ScalarExpression, right: ScalarExpression] {
  const leftLiteral = untyped(leftSyntax, typing);
  const rightLiteral = untyped(rightSyntax, typing);
  const adapted = (literal: ConstantOf<"integer">, { type, span }: ScalarExpression, to: Span): ScalarExpression => {
    // Before the number is asked to be in that byte order, which would not help.
    if (type.kind === "network") checkNetworkOperator(operator, type, span);
    return scalar(adaptLiteral(literal, literalsAs(type), to));
  };
  if (leftLiteral !== undefined && rightLiteral === undefined) {
    const right = typeScalar(operator, rightSyntax, typing);
    return [adapted(leftLiteral, right, leftSyntax.span), right];
  }
  const left = typeScalar(operator, leftSyntax, typing);
  if (rightLiteral === undefined) return [left, typeScalar(operator, rightSyntax, typing)];
  return [left, adapted(rightLiteral, left, rightSyntax.span)];
}

export type ScalarExpression = Expression & { readonly type: ScalarType };

// A literal that was adapted to a scalar has that type.
const scalar = (node: Expression) => node as ScalarExpression;

function untyped(syntax: ExpressionSyntax, typing: Typing): ConstantOf<"integer"> | undefined {
  const constant = typing.constants.evaluate(syntax);
  return constant?.kind === "integer" && constant.type === undefined ? constant : undefined;
}

export function typeScalar(operator: string, syntax: ExpressionSyntax, typing: Typing): ScalarExpression {
  const node = typing.expression(syntax);
  if (isScalar(node.type)) return scalar(node);
  throw new Mistake("WEIR1108", syntax.span, `an integer for \`${operator}\``, typeName(node.type, typing.layoutNames));
}

/** The operator on two typed operands. */
export function makeArithmetic(
  operator: ArithmeticOperator,
  left: ScalarExpression,
  right: ScalarExpression,
  span: Span,
): Expression {
  const type = commonType(operator, left.type, right.type, span);
  checkDivision(operator, right, span);
  return binary(operator, type, convert(left, type), convert(right, type), span);
}

export const binary = (
  operator: ArithmeticOperator,
  type: ScalarType,
  left: Expression,
  right: Expression,
  span: Span,
): Expression => Object.freeze({ kind: "binary", operator, type, left, right, span });

/** The type in which two operands are computed with or compared. */
export function commonType(operator: string, left: ScalarType, right: ScalarType, span: Span): ScalarType {
  if (left.kind === "network" || right.kind === "network") {
    const network = left.kind === "network" ? left : right;
    const word = network.kind === "network" ? toHost(network) : "";
    if (left !== right) throw new Mistake("WEIR1102", span, left.name, right.name, word);
    if (network.kind === "network") checkNetworkOperator(operator, network, span);
    return network;
  }
  const wide = (type: IntegerType) => (type.bits < 32 ? 32 : type.bits);
  if (left.signed === right.signed) return wide(left) >= wide(right) ? promote(left) : promote(right);
  const [signed, unsigned] = left.signed ? [left, right] : [right, left];
  // An unsigned number that is narrower than the signed one is one of its values.
  if (unsigned.bits < wide(signed)) return promote(signed);
  throw new Mistake("WEIR1104", span, `\`${operator}\``, left.name, right.name);
}

/** What means the same in both byte orders. */
const networkOperators = new Set(["&", "|", "^", "===", "!==", "??"]);

/** Refuses what would compute with the bytes in their order. */
export function checkNetworkOperator(operator: string, type: NetworkType, span: Span): void {
  if (!networkOperators.has(operator)) throw new Mistake("WEIR1103", span, operator, type.name, toHost(type));
}

export function checkDivision(operator: ArithmeticOperator, right: Expression, span: Span): void {
  if (operator !== "/" && operator !== "%") return;
  if (right.kind === "literal" && right.value === 0n) throw new Mistake("WEIR1114", span);
}

function typeShift(
  operator: "<<" | ">>" | ">>>",
  leftSyntax: ExpressionSyntax,
  rightSyntax: ExpressionSyntax,
  expected: KernelType | undefined,
  span: Span,
  typing: Typing,
): Expression {
  const literalLeft = untyped(leftSyntax, typing);
  const left =
    literalLeft === undefined
      ? typeScalar(operator, leftSyntax, typing)
      : scalar(
          adaptLiteral(literalLeft, expected && isScalar(expected) ? promote(expected) : expected, leftSyntax.span),
        );
  return makeShift(operator, left, typeScalar(operator, rightSyntax, typing), span);
}

export function makeShift(
  operator: "<<" | ">>" | ">>>",
  left: ScalarExpression,
  right: ScalarExpression,
  span: Span,
): Expression {
  const type = promote(left.type);
  for (const operand of [left.type, right.type]) {
    if (operand.kind === "network") throw new Mistake("WEIR1103", span, operator, operand.name, toHost(operand));
  }
  if (operator === ">>>" && type.signed) throw new Mistake("WEIR1110", span, operator);
  if (right.kind === "literal" && (right.value < 0n || right.value >= BigInt(type.bits))) {
    throw new Mistake("WEIR1113", right.span, right.value, type.bits);
  }
  return binary(operator, type, convert(left, type), convert(right, type), span);
}
