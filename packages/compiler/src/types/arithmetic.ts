import type { ArithmeticOperator, ComparisonOperator } from "../syntax/operators.ts";

/** The exact result of an operator; dividing by 0 is the caller's matter. */
export function computeInteger(operator: ArithmeticOperator, left: bigint, right: bigint): bigint {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
    case "%":
      return left % right;
    case "&":
      return left & right;
    case "|":
      return left | right;
    case "^":
      return left ^ right;
    case "<<":
      return left << right;
    case ">>":
    case ">>>":
      return left >> right;
  }
}

export function compareIntegers(operator: ComparisonOperator, left: bigint, right: bigint): boolean {
  switch (operator) {
    case "===":
      return left === right;
    case "!==":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
  }
}
