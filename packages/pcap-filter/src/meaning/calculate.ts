import type { BinaryOperator } from "./predicate.ts";

/** What two numbers of 32 bits give, as libpcap computes it; undefined for a quotient by zero. */
export function calculate(operator: BinaryOperator, left: number, right: number): number | undefined {
  switch (operator) {
    case "add":
      return (left + right) >>> 0;
    case "sub":
      return (left - right) >>> 0;
    case "mul":
      return Math.imul(left, right) >>> 0;
    case "div":
      return right === 0 ? undefined : Math.floor(left / right);
    case "mod":
      return right === 0 ? undefined : left % right;
    case "and":
      return (left & right) >>> 0;
    case "or":
      return (left | right) >>> 0;
    case "xor":
      return (left ^ right) >>> 0;
    case "shl":
      return right > 31 ? 0 : (left << right) >>> 0;
    case "shr":
      return right > 31 ? 0 : left >>> right;
  }
}
