import type { IrFunction } from "../ir/function.ts";
import type { Value } from "../ir/value.ts";

/**
 * Drops values that nothing with an effect needs.
 *
 * Needs: whole IR. Gives: every value is used. Destroys: nothing.
 */
export function removeDeadCode(irFunction: IrFunction): void {
  const live = new Set<Value>();
  const work: Value[] = [];
  const need = (value: Value): void => {
    if (live.has(value)) return;
    live.add(value);
    work.push(value);
  };
  for (const block of irFunction.blocks) {
    for (const value of block.values) if (hasEffect(value)) need(value);
    const { terminator } = block;
    if (terminator?.kind === "branch") {
      need(terminator.left);
      need(terminator.right);
    } else if (terminator?.kind === "return") need(terminator.value);
  }
  for (let value = work.pop(); value !== undefined; value = work.pop()) value.operands.forEach(need);
  for (const block of irFunction.blocks) {
    block.phis = block.phis.filter((phi) => live.has(phi));
    block.values = block.values.filter((value) => live.has(value));
  }
}

/** Whether a value does something besides giving itself. */
export function hasEffect({ operation }: Value): boolean {
  switch (operation.kind) {
    case "store":
    case "atomic":
    case "call-helper":
    case "call-kernel-function":
    case "call-function":
      return true;
    case "load":
      return operation.volatile;
    default:
      return false;
  }
}
