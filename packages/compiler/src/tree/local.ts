import type { Span } from "../source-file.ts";
import type { KernelType } from "../types/kernel-type.ts";

/** A variable or parameter of a function. Its identity is the object. */
export interface Local {
  readonly name: string;
  readonly type: KernelType;
  /** Assigned to after its declaration. */
  readonly mutable: boolean;
  /** A record that the program made itself, not one in the packet or a map. */
  readonly fresh: boolean;
  readonly span: Span;
}
