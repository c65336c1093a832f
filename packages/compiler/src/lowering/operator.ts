import type { BinaryOperator } from "@weir/codegen";
import type { ArithmeticOperator } from "../syntax/operators.ts";

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

export const binaryOperator = (operator: ArithmeticOperator, signed: boolean): BinaryOperator =>
  operator === ">>" && signed ? "sar" : operators[operator];
