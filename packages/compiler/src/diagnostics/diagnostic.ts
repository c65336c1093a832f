import type { Span } from "../source-file.ts";

/** What is wrong with a kernel program, and where. */
export interface Diagnostic {
  /** `WEIR1…` for mistakes that only this compiler sees, `TS…` for TypeScript's own. */
  readonly code: string;
  readonly message: string;
  /** Undefined for what concerns no place in a file, such as a file that cannot be read. */
  readonly span: Span | undefined;
  /** Other places that explain the mistake. */
  readonly notes: readonly Note[];
}

/** A place that explains a mistake elsewhere. */
export interface Note {
  readonly message: string;
  readonly span: Span;
}
