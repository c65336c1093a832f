import type { ProgramType } from "../spec.ts";

/** An integer as C and this project name it. */
export type HelperInteger = "u8" | "u16" | "u32" | "u64" | "i32" | "i64" | "be16" | "be32";

/** What a helper does with memory that it is given. */
export type MemoryAccess = "read" | "write" | "read and write";

/** How much memory it is: bytes, the argument with this index, or what the map among the arguments says. */
export type MemorySize = number | { readonly argument: number } | "key" | "value";

/** One of the arguments of a helper. */
export type HelperArgument =
  | { readonly name: string; readonly kind: "integer"; readonly type: HelperInteger }
  | {
      readonly name: string;
      readonly kind: "memory";
      readonly access: MemoryAccess;
      readonly size: MemorySize;
      /** 0 may be given instead. */
      readonly optional?: true;
    }
  /**
   * What the program was given; a map; an address that need not be valid; text that ends with 0 in a frozen map; a function, and
   * what it is given.
   */
  | { readonly name: string; readonly kind: "context" | "map" | "address" | "text" | "callback" | "callback-context" }
  /** Memory that the verifier knows to be such a thing of the kernel, or to hold one in a map or on the stack. */
  | { readonly name: string; readonly kind: "kernel"; readonly of: string };

/** All that is known of a helper function of the kernel. */
export interface Helper {
  readonly name: string;
  readonly number: number;
  readonly arguments: readonly HelperArgument[];
  readonly result: HelperInteger | "nothing" | "pointer";
  /** The first Linux that has it. */
  readonly since: string;
  /** Only programs with a licence that goes with the GPL may call it. */
  readonly gplOnly: boolean;
  /** After it all pointers into the packet are dead. */
  readonly movesPacket: boolean;
  /**
   * The types of programs that may call it, each with the first of the kernels that were asked (6.1, 6.12 and 6.18) that allows
   * it. It may have been allowed earlier.
   */
  readonly allowed: Readonly<Partial<Record<ProgramType, string>>>;
}
