import type { IrFunction } from "./function.ts";
import type { Value } from "./value.ts";

/** In how many places each value is used. */
export function countUses(irFunction: IrFunction): Map<Value, number> {
  const counts = new Map<Value, number>();
  const count = (value: Value): void => {
    counts.set(value, (counts.get(value) ?? 0) + 1);
  };
  for (const { phis, values, terminator } of irFunction.blocks) {
    for (const value of [...phis, ...values]) value.operands.forEach(count);
    if (terminator?.kind === "branch") [terminator.left, terminator.right].forEach(count);
    else if (terminator?.kind === "return") count(terminator.value);
  }
  return counts;
}
