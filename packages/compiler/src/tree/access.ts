import type { ArrayType, RecordType, ScalarType } from "../types/kernel-type.ts";
import type { Expression } from "./expression.ts";
import type { LocalNode } from "./leaf.ts";
import type { Node } from "./node.ts";

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

/** What can be assigned to. */
export type Place = LocalNode | MemberNode | ElementNode;
