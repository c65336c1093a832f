import type { ArithmeticOperator } from "../syntax/operators.ts";
import type { KernelType, ScalarType } from "../types/kernel-type.ts";
import type { Place } from "./access.ts";
import type { Expression } from "./expression.ts";
import type { Node } from "./node.ts";

/** Gives the value that was assigned, or nothing where it copies a record or an array into another one. */
export interface AssignNode extends Node {
  readonly kind: "assign";
  readonly type: KernelType;
  readonly target: Place;
  readonly value: Expression;
}

/** `target operator= value`, `++`, `--`: the target is evaluated once. */
export interface UpdateNode extends Node {
  readonly kind: "update";
  readonly type: ScalarType;
  readonly target: Place;
  readonly operator: ArithmeticOperator;
  /** The type that is computed with; the result is cut to the target's. */
  readonly operation: ScalarType;
  readonly value: Expression;
  readonly gives: "before" | "after";
}
