import type { Instruction, Reference } from "@weir/bytecode";
import type { IrFunction } from "./ir/function.ts";
import type { SourcePosition } from "./ir/position.ts";
import type { PassName } from "./passes/pass.ts";

/** How to compile; all of it is for tests and for people who look into the compiler. */
export interface CompileOptions {
  /** Passes to leave out. */
  readonly without?: readonly PassName[];
  /** How many of the ten registers may be used: 3 to 10. */
  readonly registers?: number;
  /** Check the IR after each pass. */
  readonly verify?: boolean;
  /** Called with the IR as text after the building (`"build"`) and after each pass. */
  readonly dump?: (pass: PassName | "build", text: string) => void;
}

/** A program as code: a list of instruction slots, with what the loader and the debugger need to know of them. */
export interface CompiledProgram {
  readonly instructions: readonly Instruction[];
  readonly references: readonly Reference[];
  /** Where each function starts, in the order of slots; the program itself is the first. */
  readonly functions: readonly { readonly slot: number; readonly name: string }[];
  /** Where the source position changes, in the order of slots. */
  readonly lines: readonly { readonly slot: number; readonly position: SourcePosition }[];
  /** Bytes of stack of the deepest chain of calls. */
  readonly stack: number;
}
