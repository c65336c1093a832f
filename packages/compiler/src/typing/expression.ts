import { Mistake } from "../diagnostics/mistake.ts";
import type { ExpressionSyntax, NameSyntax } from "../syntax/expression.ts";
import { isComparison, isLogical } from "../syntax/operators.ts";
import type { Expression } from "../tree/expression.ts";
import { booleanType, type KernelType, kernelType, mapType, recordType } from "../types/kernel-type.ts";
import { refuseConstant, typeElement, typeProperty } from "./access.ts";
import { typeArithmetic } from "./arithmetic.ts";
import { typeAssignment, typeStep } from "./assignment.ts";
import { typeCall } from "./call.ts";
import { typeCast } from "./cast.ts";
import { typeComparison } from "./comparison.ts";
import { not } from "./condition.ts";
import { typeConditional } from "./conditional.ts";
import { globalNode } from "./global-node.ts";
import { adaptLiteral, booleanLiteral } from "./literal.ts";
import { typeCoalesce, typeOptional } from "./optional.ts";
import { typeRecord } from "./record.ts";
import type { Typing } from "./typing.ts";
import { typeUnary } from "./unary.ts";
import { unsupportedMistake } from "./unsupported.ts";

/** Types an expression: leaves from what they name, operators by the rules of this language. */
export function typeExpression(syntax: ExpressionSyntax, expected: KernelType | undefined, typing: Typing): Expression {
  const constant = typing.constants.evaluate(syntax);
  if (constant?.kind === "integer") return adaptLiteral(constant, expected, syntax.span);
  if (constant?.kind === "boolean") return booleanLiteral(constant.value, syntax.span);
  if (constant?.kind === "config") {
    const { config } = constant;
    return Object.freeze({ kind: "config", type: config.type, config, span: syntax.span });
  }
  if (constant?.kind === "global") return globalNode(constant.global, syntax.span);
  switch (syntax.kind) {
    case "name": {
      const local = typing.local(syntax);
      if (local !== undefined) return localNode(syntax, typing);
      if (constant !== undefined) refuseConstant(constant, syntax);
      throw new Mistake("WEIR1202", syntax.span, syntax.name);
    }
    case "null":
      if (expected?.kind !== "record") throw new Mistake("WEIR1202", syntax.span, "null");
      return Object.freeze({ kind: "null", type: recordType(expected.layout, true), span: syntax.span });
    case "property":
      return typeProperty(syntax, typing);
    case "element":
      return typeElement(syntax, typing);
    case "call":
      return typeCall(syntax, typing);
    case "object":
      return typeRecord(syntax, expected, typing);
    case "list":
      throw new Mistake("WEIR1313", syntax.span);
    case "unary":
      if (syntax.operator === "!") return not(typing.condition(syntax.operand), syntax.span);
      return typeUnary(syntax.operator, syntax, typing);
    case "binary":
      return typeBinary(syntax, expected, typing);
    case "assign":
      return typeAssignment(syntax, typing);
    case "step":
      return typeStep(syntax, typing);
    case "optional":
      return typeOptional(syntax, typing);
    case "coalesce":
      return typeCoalesce(syntax, expected, typing);
    case "conditional":
      return typeConditional(syntax, expected, typing);
    case "cast":
      return typeCast(syntax, typing);
    case "non-null":
      throw new Mistake("WEIR1002", syntax.span);
    case "function":
      throw new Mistake("WEIR1402", syntax.span);
    case "string":
      throw new Mistake("WEIR1001", syntax.span, "text");
    case "unsupported":
      throw unsupportedMistake(syntax);
    default:
      throw new Mistake("WEIR1201", syntax.span);
  }
}

function typeBinary(
  { operator, left, right, span }: ExpressionSyntax & { kind: "binary" },
  expected: KernelType | undefined,
  typing: Typing,
): Expression {
  if (isComparison(operator)) return typeComparison(operator, left, right, span, typing);
  if (!isLogical(operator)) return typeArithmetic(operator, left, right, expected, span, typing);
  return Object.freeze({
    kind: "logical",
    type: booleanType,
    operator,
    left: typing.boolean(left),
    right: typing.boolean(right),
    span,
  });
}

/** TypeScript has followed the comparisons with null; the node's type says what it found. */
export function localNode(syntax: NameSyntax, typing: Typing): Expression {
  const local = typing.local(syntax);
  if (local === undefined) throw new Mistake("WEIR1202", syntax.span, syntax.name);
  const plain = notNull(local.type);
  // The question is dear: it is asked only where the answer matters.
  const type = plain === local.type || syntax.mayBeNull ? local.type : plain;
  return Object.freeze({ kind: "local", type, local, span: syntax.span });
}

function notNull(type: KernelType): KernelType {
  if (type.kind === "record" && type.nullable) return recordType(type.layout);
  if (type.kind === "map" && type.nullable) return mapType(type.map);
  return type.kind === "kernel" && type.nullable ? kernelType(type.structure) : type;
}
