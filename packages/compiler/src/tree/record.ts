import type { ArrayType, RecordType } from "../types/kernel-type.ts";
import type { Expression } from "./expression.ts";
import type { Node } from "./node.ts";

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
