import type { ConfigDeclaration } from "../constants/constant.ts";
import type { BooleanType, KernelType, RecordType, ScalarType } from "../types/kernel-type.ts";
import type { Local } from "./local.ts";
import type { Node } from "./node.ts";

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
