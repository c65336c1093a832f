import { Mistake } from "../diagnostics/mistake.ts";
import type { Span } from "../source-file.ts";
import { type BinaryOperator, isComparison, isLogical, type UnaryOperator } from "../syntax/operators.ts";
import { compareIntegers, computeInteger } from "../types/arithmetic.ts";
import type { ScalarType } from "../types/kernel-type.ts";
import { integerType, wrap } from "../types/scalar.ts";
import { adaptInteger } from "./adapt-integer.ts";
import type { Constant, ConstantOf } from "./constant.ts";

export function unaryConstant(operator: UnaryOperator, operand: Constant, span: Span): Constant | undefined {
  if (operator === "!") return operand.kind === "boolean" ? { kind: "boolean", value: !operand.value } : undefined;
  if (operand.kind !== "integer") return undefined;
  if (operator === "+") return operand;
  const value = operator === "-" ? -operand.value : ~operand.value;
  if (operand.type === undefined) return { ...operand, value, inverted: operator === "~" };
  if (operator === "-" && operand.type.kind === "network")
    throw new Mistake("WEIR1103", span, "-", operand.type.name, "ntohs");
  const type = atLeast32(operand.type);
  return { ...operand, type, value: wrap(type, value) };
}

/** What gives the same low bits whatever the width. */
const wrapping = new Set<BinaryOperator>(["+", "-", "*", "&", "|", "^"]);
const widthMatters = new Set<BinaryOperator>(["/", "%", ">>", ">>>"]);

/** Numbers without a type are computed exactly, as mathematics has them; those with a type wrap. */
export function binaryConstant(
  operator: BinaryOperator,
  left: Constant,
  right: Constant,
  span: Span,
): Constant | undefined {
  if (left.kind === "boolean" && right.kind === "boolean" && isLogical(operator)) {
    return { kind: "boolean", value: operator === "&&" ? left.value && right.value : left.value || right.value };
  }
  if (left.kind !== "integer" || right.kind !== "integer" || isLogical(operator)) return undefined;
  // Constants of two types meet while the program is typed, where the rules for that are.
  if (left.type !== undefined && right.type !== undefined && left.type !== right.type) return undefined;
  const type = left.type ?? right.type;
  if (type?.kind === "network" && operator !== "===" && operator !== "!==") return undefined;
  // `~7` is as wide as what it meets; these need to know how wide that is.
  if ((left.inverted || right.inverted) && (isComparison(operator) || widthMatters.has(operator))) {
    throw new Mistake("WEIR1115", span, operator);
  }
  if (isComparison(operator)) {
    return { kind: "boolean", value: compareIntegers(operator, left.value, right.value) };
  }
  if (type !== undefined) {
    if (!wrapping.has(operator)) return undefined;
    const promoted = atLeast32(type);
    return {
      kind: "integer",
      value: wrap(promoted, computeInteger(operator, valueIn(left, promoted, span), valueIn(right, promoted, span))),
      type: promoted,
      inverted: false,
    };
  }
  if ((operator === "/" || operator === "%") && right.value === 0n) throw new Mistake("WEIR1114", span);
  if ((operator === "<<" || operator === ">>" || operator === ">>>") && (right.value < 0n || right.value > 63n)) {
    throw new Mistake("WEIR1113", span, right.value, 64);
  }
  if (operator === "/" && left.value % right.value !== 0n) {
    throw new Mistake("WEIR1106", span, `${left.value} / ${right.value}`);
  }
  const value = computeInteger(operator, left.value, right.value);
  return { kind: "integer", value, type: undefined, inverted: left.inverted || right.inverted };
}

function atLeast32(type: ScalarType): ScalarType {
  return type.kind === "integer" && type.bits < 32 ? integerType(32, type.signed) : type;
}

/** What has no type yet has to fit, as where a program computes with it. */
function valueIn(constant: ConstantOf<"integer">, type: ScalarType, span: Span): bigint {
  return constant.type === undefined ? adaptInteger(constant, type, span) : constant.value;
}
