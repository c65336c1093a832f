import type { BinaryOperator, Value } from "@weir/codegen";
import type { ArithmeticOperator } from "../syntax/operators.ts";
import type { ScalarType } from "../types/kernel-type.ts";
import { lowerSignedDivision } from "./divide.ts";
import type { FunctionLowering } from "./function-lowering.ts";
import { registerWidth } from "./memory.ts";

const operators: Readonly<Record<ArithmeticOperator, BinaryOperator>> = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "/": "div",
  "%": "mod",
  "&": "and",
  "|": "or",
  "^": "xor",
  "<<": "shl",
  ">>": "shr",
  ">>>": "shr",
};

/** Computes `left operator right` in a type. */
export function lowerOperation(
  operator: ArithmeticOperator,
  type: ScalarType,
  left: Value,
  right: Value,
  lowering: FunctionLowering,
): Value {
  if (type.signed && (operator === "/" || operator === "%")) {
    return lowerSignedDivision(operator, type, left, right, lowering);
  }
  return lowering.builder.binary(binaryOperator(operator, type.signed), registerWidth(type), left, right);
}

const binaryOperator = (operator: ArithmeticOperator, signed: boolean): BinaryOperator =>
  operator === ">>" && signed ? "sar" : operators[operator];
