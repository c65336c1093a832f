import type { HelperInteger, MemoryAccess } from "../helpers/helper.ts";
import type { ProgramType } from "../spec.ts";

/** One of the arguments of a function of the kernel; `c` is its type as C says it. */
export type KernelFunctionArgument = { readonly name: string; readonly c: string } & (
  | { readonly kind: "integer"; readonly type: HelperInteger }
  | {
      readonly kind: "memory";
      readonly access: MemoryAccess;
      /** Bytes, or the argument with this index. */
      readonly size: number | { readonly argument: number };
    }
  /** What the program was given; an address that need not be valid; the number of a type of the kernel. */
  | { readonly kind: "context" | "address" | "type" }
  /** A structure that the kernel gave. */
  | { readonly kind: "structure"; readonly of: string }
);

/** What a function gives: a structure of the kernel whose name is fixed, or, where the name is empty, the one that is asked for. */
export type KernelFunctionResult = { readonly c: string } & (
  | { readonly kind: "integer"; readonly type: HelperInteger }
  | { readonly kind: "nothing" }
  | { readonly kind: "structure"; readonly of: string; readonly mayBeNull: boolean }
);

/** All that is known of a function of the kernel that programs can call by its name (kfunc). */
export interface KernelFunction {
  readonly name: string;
  readonly arguments: readonly KernelFunctionArgument[];
  readonly result: KernelFunctionResult;
  /** The first Linux that has it. */
  readonly since: string;
  /** What it gives has to be released. */
  readonly acquires: boolean;
  /** Releases what it is given. */
  readonly releases: boolean;
  /** After it all pointers into the packet are dead. */
  readonly movesPacket: boolean;
  /** The program must be bound to an interface when it is loaded. */
  readonly deviceBound: boolean;
  /** Where the kernel keeps it, if not everywhere built in. */
  readonly module: string | undefined;
  /** The types of programs that may call it, each with the first Linux that is known to allow it. */
  readonly allowed: Readonly<Partial<Record<ProgramType, string>>>;
}
