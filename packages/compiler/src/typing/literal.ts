import { adaptInteger } from "../constants/adapt-integer.ts";
import type { ConstantOf } from "../constants/constant.ts";
import { Mistake } from "../diagnostics/mistake.ts";
import type { Span } from "../source-file.ts";
import type { LiteralNode } from "../tree/leaf.ts";
import { booleanType, isScalar, type KernelType, type ScalarType } from "../types/kernel-type.ts";
import { literalType } from "../types/scalar.ts";

export const literal = (type: ScalarType, value: bigint, span: Span): LiteralNode =>
  Object.freeze({ kind: "literal", type, value, span });

export const booleanLiteral = (value: boolean, span: Span): LiteralNode =>
  Object.freeze({ kind: "literal", type: booleanType, value: value ? 1n : 0n, span });

/** A number in the type that is expected where it stands. */
export function adaptLiteral(
  constant: ConstantOf<"integer">,
  expected: KernelType | undefined,
  span: Span,
): LiteralNode {
  if (constant.type !== undefined) return literal(constant.type, constant.value, span);
  if (expected === undefined || !isScalar(expected)) {
    const type = literalType(constant.value);
    if (type === undefined) throw new Mistake("WEIR1105", span, constant.value, "64 bits");
    return literal(type, constant.value, span);
  }
  return literal(expected, adaptInteger(constant, expected, span), span);
}
