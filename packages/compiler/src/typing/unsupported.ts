import { Mistake } from "../diagnostics/mistake.ts";
import type { Span } from "../source-file.ts";

/** What the language does not have, with what to write instead where there is something. */
export function unsupportedMistake({
  what,
  remedy,
  span,
}: {
  readonly what: string;
  readonly remedy: string | undefined;
  readonly span: Span;
}): Mistake {
  return remedy === undefined ? new Mistake("WEIR1001", span, what) : new Mistake("WEIR1006", span, what, remedy);
}
