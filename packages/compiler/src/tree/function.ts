import type { Linkage } from "../constants/constant.ts";
import type { Span } from "../source-file.ts";
import type { KernelType } from "../types/kernel-type.ts";
import type { Local } from "./local.ts";
import type { BlockNode } from "./statement.ts";

/** A typed function. There is one object for each, whatever calls it. */
export interface FunctionTree {
  readonly name: string;
  readonly parameters: readonly Local[];
  readonly returnType: KernelType;
  readonly linkage: Linkage;
  /** Gives a record that it made itself. */
  readonly fresh: boolean;
  readonly body: BlockNode;
  readonly span: Span;
}
