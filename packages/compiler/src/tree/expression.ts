import type { Builtin } from "../builtins/builtin.ts";
import type { ConfigDeclaration, MapDeclaration } from "../constants/constant.ts";
import type { Span } from "../source-file.ts";
import type { ArithmeticOperator, ComparisonOperator } from "../syntax/operators.ts";
import type { ArrayType, BooleanType, KernelType, RecordType, ScalarType } from "../types/kernel-type.ts";
import type { IntegerType } from "../types/scalar.ts";
import type { FunctionTree } from "./function.ts";
import type { Local } from "./local.ts";

interface Node {
  readonly span: Span;
}

/** A scalar or boolean known when the program is compiled; a boolean is 0 or 1. */
export interface LiteralNode extends Node {
  readonly kind: "literal";
  readonly type: ScalarType | BooleanType;
  readonly value: bigint;
}

export interface NullNode extends Node {
  readonly kind: "null";
  readonly type: RecordType;
}

export interface ConfigNode extends Node {
  readonly kind: "config";
  readonly type: ScalarType;
  readonly config: ConfigDeclaration;
}

export interface LocalNode extends Node {
  readonly kind: "local";
  readonly type: KernelType;
  readonly local: Local;
}

/** A field of a record: its value when it is a scalar, else a reference to the record or array inside. */
export interface MemberNode extends Node {
  readonly kind: "member";
  readonly type: ScalarType | RecordType | ArrayType;
  readonly record: Expression;
  readonly name: string;
  /** Bytes. */
  readonly offset: number;
}

/** An element of an array field. */
export interface ElementNode extends Node {
  readonly kind: "element";
  readonly type: ScalarType | RecordType | ArrayType;
  readonly array: Expression;
  readonly index: Expression;
  /** Bytes of one element. */
  readonly stride: number;
  readonly length: number;
}

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

/** Gives the value that was assigned. */
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

export interface CallNode extends Node {
  readonly kind: "call";
  readonly type: KernelType;
  readonly function: FunctionTree;
  readonly arguments: readonly Expression[];
}

/** A call of something the language gives. */
export interface BuiltinNode extends Node {
  readonly kind: "builtin";
  readonly type: KernelType;
  readonly builtin: Builtin;
  readonly arguments: readonly Expression[];
  readonly map: MapDeclaration | undefined;
}

/** A new record. Fields in the order they are written; padding is 0. */
export interface RecordNode extends Node {
  readonly kind: "record";
  readonly type: RecordType;
  readonly fields: readonly RecordFieldNode[];
}

export interface RecordFieldNode {
  /** Bytes. */
  readonly offset: number;
  /** A scalar, or a {@link RecordNode} for a record inside, or a {@link ListNode}. */
  readonly value: Expression;
}

/** The elements of an array field of a new record. */
export interface ListNode extends Node {
  readonly kind: "list";
  readonly type: ArrayType;
  readonly stride: number;
  readonly elements: readonly Expression[];
}

/** What can be assigned to. */
export type Place = LocalNode | MemberNode | ElementNode;

/** An expression whose type and operators are settled. Frozen. */
export type Expression =
  | LiteralNode
  | NullNode
  | ConfigNode
  | LocalNode
  | MemberNode
  | ElementNode
  | ConvertNode
  | BinaryNode
  | CompareNode
  | NullTestNode
  | LogicalNode
  | NotNode
  | ConditionalNode
  | AssignNode
  | UpdateNode
  | CallNode
  | BuiltinNode
  | RecordNode
  | ListNode;

export type ExpressionKind = Expression["kind"];
export type ExpressionOf<Kind extends ExpressionKind> = Extract<Expression, { readonly kind: Kind }>;

export const isIntegerExpression = (node: Expression): node is Expression & { readonly type: IntegerType } =>
  node.type.kind === "integer";
