import type { ArithmeticOperator, ComparisonOperator } from "../syntax/operators.ts";
import type { BooleanType, KernelType, ScalarType } from "../types/kernel-type.ts";
import type { Expression } from "./expression.ts";
import type { Node } from "./node.ts";

/** Another integer type: cut off or extended as the operand's sign says. */
export interface ConvertNode extends Node {
  readonly kind: "convert";
  readonly type: ScalarType;
  readonly operand: Expression;
}

/** Both operands have the node's type (a shift's amount any). Wraps. */
export interface BinaryNode extends Node {
  readonly kind: "binary";
  readonly type: ScalarType;
  readonly operator: ArithmeticOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** Both operands have the same scalar type, or are booleans. */
export interface CompareNode extends Node {
  readonly kind: "compare";
  readonly type: BooleanType;
  readonly operator: ComparisonOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** Whether a record is (`whenNull`) or is not null. */
export interface NullTestNode extends Node {
  readonly kind: "null-test";
  readonly type: BooleanType;
  readonly operand: Expression;
  readonly whenNull: boolean;
}

export interface LogicalNode extends Node {
  readonly kind: "logical";
  readonly type: BooleanType;
  readonly operator: "&&" | "||";
  readonly left: Expression;
  readonly right: Expression;
}

export interface NotNode extends Node {
  readonly kind: "not";
  readonly type: BooleanType;
  readonly operand: Expression;
}

export interface ConditionalNode extends Node {
  readonly kind: "conditional";
  readonly type: KernelType;
  readonly condition: Expression;
  readonly whenTrue: Expression;
  readonly whenFalse: Expression;
}
