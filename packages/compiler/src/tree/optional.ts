import type { KernelType } from "../types/kernel-type.ts";
import type { Expression } from "./expression.ts";
import type { Local } from "./local.ts";
import type { Node } from "./node.ts";

/** `record?.field ?? otherwise`: one value where a record is there, which `found` stands for then, the other where it is null. */
export interface OptionalNode extends Node {
  readonly kind: "optional";
  readonly type: KernelType;
  readonly record: Expression;
  readonly found: Local;
  readonly whenFound: Expression;
  readonly otherwise: Expression;
}
