import type { CodeBlock, CodeEnd } from "../code/code.ts";
import { type Comparison, INVERTED } from "../ir/operation.ts";

/** A branch as instructions have it: one comparison that jumps, and what runs where it does not. */
export interface Arms {
  readonly comparison: Comparison;
  readonly target: CodeBlock;
  readonly other: CodeBlock;
}

/** Falls through to what comes next; if that is neither arm, the less likely one costs a second jump. */
export function arms(end: CodeEnd & { readonly kind: "branch" }, next: CodeBlock | undefined): Arms {
  const inverted = INVERTED[end.comparison];
  const { whenTrue, whenFalse, comparison, likelihood } = end;
  const turn = whenTrue === next || (whenFalse !== next && likelihood < 1 / 2);
  return turn && inverted !== undefined
    ? { comparison: inverted, target: whenFalse, other: whenTrue }
    : { comparison, target: whenTrue, other: whenFalse };
}
