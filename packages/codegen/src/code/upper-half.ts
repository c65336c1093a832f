import { possibleBits } from "../fold/possible-bits.ts";
import type { IrFunction } from "../ir/function.ts";
import type { Value } from "../ir/value.ts";

/**
 * The truncations that need no instruction: what they cut off is zero already, or nothing that uses the result looks
 * at the upper half of the register.
 */
export function freeTruncations(irFunction: IrFunction): ReadonlySet<Value> {
  const free = new Set<Value>();
  const wantsZeros = new Set<Value>();
  for (const block of irFunction.blocks) {
    for (const phi of block.phis) for (const operand of phi.operands) wantsZeros.add(operand);
    for (const value of block.values) {
      if (!ignoresUpperHalf(value)) for (const operand of value.operands) wantsZeros.add(operand);
    }
    const { terminator } = block;
    if (terminator?.kind === "return") wantsZeros.add(terminator.value);
  }
  for (const block of irFunction.blocks) {
    for (const value of block.values) {
      const [wide] = value.operands;
      if (value.operation.kind !== "truncate" || wide === undefined) continue;
      if (!wantsZeros.has(value) || possibleBits(wide) <= 0xffff_ffffn) free.add(value);
    }
  }
  return free;
}

/** Whether the operation reads only the low half of its 32-bit operands. */
function ignoresUpperHalf({ operation }: Value): boolean {
  switch (operation.kind) {
    case "binary":
    case "byte-swap":
    case "sign-extend":
    case "atomic":
    case "store":
    case "truncate":
      return true;
    default:
      return false;
  }
}
