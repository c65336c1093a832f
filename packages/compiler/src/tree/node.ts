import type { Span } from "../source-file.ts";

/** What every part of a typed tree has besides its `kind`. All of them are frozen. */
export interface Node {
  /** Where in the source text it comes from. */
  readonly span: Span;
}
