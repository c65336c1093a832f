import type { Builtin } from "../builtins/builtin.ts";
import type { MapDeclaration } from "../constants/constant.ts";
import type { KernelEnumerator, KernelStructure } from "../types/kernel-structure.ts";
import type { KernelType } from "../types/kernel-type.ts";
import type { Expression } from "./expression.ts";
import type { FunctionTree } from "./function.ts";
import type { Node } from "./node.ts";

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
  /** The function that the kernel calls back, perhaps many times. */
  readonly callback?: FunctionTree | undefined;
  /** The map itself where it was found in another one; else the program has it by its name. */
  readonly found: Expression | undefined;
  /** What it asks the kernel's types about, besides its arguments. */
  readonly asks?: KernelStructure | KernelEnumerator;
}
