import type { Span } from "../source-file.ts";
import type { Declaration } from "./declaration.ts";

/** A type as it is written. */
export type TypeSyntax =
  | {
      readonly kind: "reference";
      readonly name: string;
      readonly declaration: Declaration | undefined;
      readonly arguments: readonly TypeSyntax[];
      readonly span: Span;
    }
  /** `typeof Stats`. */
  | {
      readonly kind: "query";
      readonly name: string;
      readonly declaration: Declaration | undefined;
      readonly span: Span;
    }
  | { readonly kind: "union"; readonly members: readonly TypeSyntax[]; readonly span: Span }
  /** `readonly u32[]`. */
  | { readonly kind: "array"; readonly element: TypeSyntax; readonly span: Span }
  /** `(value: u32) => void`. */
  | { readonly kind: "function" | "string"; readonly span: Span }
  /** `"task_struct"` or `16` as a type. */
  | { readonly kind: "literal"; readonly value: string | number; readonly span: Span }
  | { readonly kind: "null" | "boolean" | "void" | "number" | "const"; readonly span: Span }
  | { readonly kind: "unsupported"; readonly what: string; readonly span: Span };
