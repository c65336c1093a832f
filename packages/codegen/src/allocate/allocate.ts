import type { CodeFunction } from "../code/code.ts";
import type { Register } from "../code/register.ts";
import { renamed, renamedEnd } from "../code/rename.ts";
import { color } from "./coloring.ts";
import { buildInterference } from "./interference.ts";
import { repeatableDefinitions, spill } from "./spill.ts";

/** In the order of choice: those that a call loses first, because the others must be saved on entry (by the JIT). */
const COLORS: readonly Register[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
/** With fewer registers than this, one instruction may not find all it needs. */
const FEWEST_COLORS = 3;

/**
 * Gives every virtual register one of the machine's, and memory on the stack to those that find none.
 *
 * Needs: code with virtual registers. Gives: code with the machine's registers. Destroys: nothing else.
 */
export function allocateRegisters(code: CodeFunction, registers: number = COLORS.length): void {
  const colors = COLORS.slice(0, Math.max(FEWEST_COLORS, registers));
  const unspillable = new Set<Register>();
  for (;;) {
    const interference = buildInterference(code);
    const repeatable = repeatableDefinitions(code);
    const { assigned, uncolored } = color(interference, colors, (register) => {
      if (unspillable.has(register)) return Number.POSITIVE_INFINITY;
      return (interference.costs.get(register) ?? 0) / (repeatable.has(register) ? 2 : 1);
    });
    if (uncolored.length === 0) {
      rename(code, assigned);
      return;
    }
    const joined = new Map(uncolored.flatMap((group) => group.map((register) => [register, group[0] ?? register])));
    rename(code, joined);
    for (const register of spill(code, [...new Set(joined.values())])) unspillable.add(register);
  }
}

function rename(code: CodeFunction, assigned: ReadonlyMap<Register, Register>): void {
  const name = (register: Register): Register => assigned.get(register) ?? register;
  for (const block of code.blocks) {
    block.code = block.code
      .map((instruction) => renamed(instruction, name))
      .filter((instruction) => instruction.kind !== "move" || instruction.to !== instruction.from);
    block.end = renamedEnd(block.end, name);
  }
}
