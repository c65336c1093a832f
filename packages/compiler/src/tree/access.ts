import type { GlobalDeclaration } from "../constants/constant.ts";
import type { KernelArrayType, KernelMember, KernelStructure } from "../types/kernel-structure.ts";
import type { BooleanType, KernelStructureType, MemoryType, ScalarType } from "../types/kernel-type.ts";
import type { Expression } from "./expression.ts";
import type { LocalNode } from "./leaf.ts";
import type { Node } from "./node.ts";

/** A field of a record: its value when it is a scalar, else a reference to the record or array inside. */
export interface MemberNode extends Node {
  readonly kind: "member";
  readonly type: MemoryType;
  readonly record: Expression;
  readonly name: string;
  /** Bytes. */
  readonly offset: number;
}

/** An element of an array field. */
export interface ElementNode extends Node {
  readonly kind: "element";
  readonly type: MemoryType;
  readonly array: Expression;
  readonly index: Expression;
  /** Bytes of one element. */
  readonly stride: number;
  readonly length: number;
}

/** A global variable or a table: its value when it is a scalar, else a reference to it. */
export interface GlobalNode extends Node {
  readonly kind: "global";
  readonly type: MemoryType;
  readonly global: GlobalDeclaration;
}

/** What lies in memory. */
export type MemoryNode = MemberNode | ElementNode | GlobalNode;

/** A member of a structure of the kernel: its value where it fits into a register, else where it is. */
export interface KernelFieldNode extends Node {
  readonly kind: "kernel-field";
  readonly type: ScalarType | BooleanType | KernelStructureType | KernelArrayType;
  /** A pointer to the structure that the way begins in. */
  readonly object: Expression;
  readonly structure: KernelStructure;
  /** Names of members, and indices of elements, through structures inside the first one. */
  readonly path: readonly (string | number)[];
  readonly member: KernelMember;
}

/** What can be assigned to. */
export type Place = LocalNode | MemoryNode;
