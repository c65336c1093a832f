import type { Operation, ValueWidth } from "../ir/operation.ts";
import type { Value } from "../ir/value.ts";

/** Where folding gets the values it needs: the builder while code is made, a pass afterwards. */
export interface ValueMaker {
  constant(width: ValueWidth, value: bigint): Value;
  /** A pure value, folded; one that exists already is given again. */
  pure(width: ValueWidth, operation: Operation, operands: readonly Value[]): Value;
}
