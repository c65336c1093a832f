import type { ArrayLayout, KernelLayout, Layout, ScalarLayout, StructLayout } from "./language.ts";

/**
 * What user space sees of a layout: 64-bit integers are bigints, the others numbers, in their numeric value whatever the
 * byte order (a port in a `be16` field is a plain number), a `bool` is a boolean, runs of bytes are `Uint8Array`s, records are objects
 * without what is the kernel's own in them.
 *
 * @example
 * ```ts
 * import { be16, type Decoded, struct, u64 } from "@weir/bytecode/layout";
 *
 * const Key = struct({ port: be16, packets: u64 });
 * type Key = Decoded<typeof Key>; // { port: number; packets: bigint }
 * ```
 */
export type Decoded<L extends Layout> =
  L extends ScalarLayout<infer Name>
    ? Name extends "u64" | "i64" | "be64"
      ? bigint
      : Name extends "bool"
        ? boolean
        : number
    : L extends StructLayout<infer Members>
      ? {
          -readonly [Name in keyof Members as Members[Name] extends KernelLayout ? never : Name]: Decoded<
            Members[Name]
          >;
        }
      : L extends ArrayLayout<infer Element>
        ? Decoded<Element>[]
        : Uint8Array;
