import type { Comparison, ValueWidth } from "./operation.ts";
import type { Value } from "./value.ts";

/** What a branch asks. */
export interface Condition {
  readonly comparison: Comparison;
  readonly width: ValueWidth;
  readonly left: Value;
  readonly right: Value;
  /** Both sides point into one packet, or behind it: sums with small constants do not wrap. */
  readonly pointers?: boolean;
}
