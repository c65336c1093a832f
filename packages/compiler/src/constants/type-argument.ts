import type { Layout } from "@weir/bytecode/layout";
import type { KernelType } from "../types/kernel-type.ts";

/** What a type parameter stands for: the type of a value, or the type of a layout that is known while compiling. */
export type TypeArgument =
  | { readonly kind: "type"; readonly type: KernelType }
  | { readonly kind: "layout"; readonly layout: Layout };
