export const unaryOperators = ["-", "+", "~", "!"] as const;
export const arithmeticOperators = ["+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", ">>>"] as const;
export const comparisonOperators = ["===", "!==", "<", "<=", ">", ">="] as const;
export const logicalOperators = ["&&", "||"] as const;

export type UnaryOperator = (typeof unaryOperators)[number];
export type ArithmeticOperator = (typeof arithmeticOperators)[number];
export type ComparisonOperator = (typeof comparisonOperators)[number];
export type LogicalOperator = (typeof logicalOperators)[number];
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | LogicalOperator;

const binary: readonly BinaryOperator[] = [...arithmeticOperators, ...comparisonOperators, ...logicalOperators];

export const binaryOperator = (text: string): BinaryOperator | undefined => binary.find((known) => known === text);

export const unaryOperator = (text: string): UnaryOperator | undefined =>
  unaryOperators.find((known) => known === text);

/** Of `+=`: `+`. */
export const assignmentOperator = (text: string): ArithmeticOperator | undefined =>
  arithmeticOperators.find((known) => `${known}=` === text);

export const isComparison = (operator: BinaryOperator): operator is ComparisonOperator =>
  comparisonOperators.some((known) => known === operator);
export const isLogical = (operator: BinaryOperator): operator is LogicalOperator =>
  logicalOperators.some((known) => known === operator);

/** `a < b` is `b > a`. */
export function mirrored(operator: ComparisonOperator): ComparisonOperator {
  const mirror = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" } as const;
  return operator === "===" || operator === "!==" ? operator : mirror[operator];
}
