import type { Span } from "../source-file.ts";
import type { Declaration } from "./declaration.ts";

/** A kernel file as it is written: what it declares, and what else stands in it, which is a mistake. */
export interface ModuleSyntax {
  readonly declarations: readonly Declaration[];
  readonly others: readonly {
    readonly what: string;
    /** What to write instead, where there is something. */
    readonly remedy: string | undefined;
    readonly span: Span;
  }[];
  readonly span: Span;
}
