import type { Block } from "@weir/codegen";
import type { MapDeclaration } from "../constants/constant.ts";
import type { Interpreter } from "../interpreter/interpreter.ts";
import type { RuntimeValue } from "../interpreter/runtime-value.ts";
import type { FunctionLowering } from "../lowering/function-lowering.ts";
import type { Lowered } from "../lowering/lowered.ts";
import type { Span } from "../source-file.ts";
import type { ExpressionSyntax } from "../syntax/expression.ts";
import type { TypeSyntax } from "../syntax/type.ts";
import type { BuiltinNode } from "../tree/call.ts";
import type { Expression } from "../tree/expression.ts";
import type { FunctionTree } from "../tree/function.ts";
import type { KernelEnumerator, KernelStructure } from "../types/kernel-structure.ts";
import type { KernelType } from "../types/kernel-type.ts";
import type { Typing } from "../typing/typing.ts";

/** A call, or the reading of a property, of something the language gives. */
export interface BuiltinCall {
  readonly span: Span;
  /** What stands before the dot, when that is a value. */
  readonly receiver: Expression | undefined;
  /** What stands before the dot, when that is a map. */
  readonly map: MapDeclaration | undefined;
  readonly arguments: readonly ExpressionSyntax[];
  /** `<task_struct>` before them. */
  readonly typeArguments: readonly TypeSyntax[];
}

export interface CheckedCall {
  readonly type: KernelType;
  /** The receiver first, when there is one. */
  readonly arguments: readonly Expression[];
  /** The function that the kernel calls back. */
  readonly callback?: FunctionTree;
  /** What it asks the kernel's types about, besides its arguments. */
  readonly asks?: KernelStructure | KernelEnumerator;
}

/** Something the language gives, with all that the compiler knows about it. */
export interface Builtin {
  /** `ntohs`; with a receiver `packet.at`, `map.lookup`. */
  readonly name: string;
  /** Which arguments are records, or parts of such, that must lie in memory. */
  readonly inMemory?: number | readonly number[];
  /** Gives a record in the packet, found by a comparison with its end. */
  readonly reachesPacket?: true;
  /** Is given what the program is, though the call does not say so. */
  readonly takesContext?: true;
  /** Writes into an iterator's text, where the program is an iterator: it needs what that is given, and in no other program. */
  readonly writesText?: true;
  /** Gives back its first argument, which was reserved or acquired. */
  readonly releases?: true;
  /** The function that it is given runs after the program has ended. */
  readonly callsLater?: true;
  /** Calls its function as many times as its first argument says, with the number of the turn. */
  readonly countsTurns?: true;
  /** Changes memory at once for all CPUs, where others see it. */
  readonly atomic?: true;
  /** After it all records in the packet are dead. */
  readonly movesPacket?: true;
  /** Types the arguments and the result. @throws {Mistake} */
  check(call: BuiltinCall, typing: Typing): CheckedCall;
  lower(node: BuiltinNode, lowering: FunctionLowering): Lowered;
  /** Where the value is not wanted, if that is cheaper. */
  lowerEffect?(node: BuiltinNode, lowering: FunctionLowering): void;
  /** Where the value decides a branch, if more is known of it there. */
  lowerCondition?(node: BuiltinNode, whenTrue: Block, whenFalse: Block, lowering: FunctionLowering): void;
  interpret(node: BuiltinNode, interpreter: Interpreter): RuntimeValue;
}
