import { cloneCode } from "../code/clone.ts";
import type { CodeFunction } from "../code/code.ts";
import type { Register } from "../code/register.ts";
import { renameRegisters } from "../code/rename.ts";
import { color } from "./coloring.ts";
import { buildInterference } from "./interference.ts";
import { splitAroundLoops } from "./loop-splitting.ts";
import { repeatableDefinitions } from "./repeatable.ts";
import { SpillMemory } from "./spill-memory.ts";

/** In the order of choice: those that a call loses first, because the others must be saved on entry (by the JIT). */
const COLORS: readonly Register[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
/** With fewer registers than this, one instruction may not find all it needs. */
const FEWEST_COLORS = 3;

/**
 * Gives every virtual register one of the machine's, and memory on the stack to those that find none.
 *
 * Needs: code with virtual registers. Gives: code with the machine's registers. Destroys: the code given.
 */
export function allocateRegisters(code: CodeFunction, registers: number = COLORS.length): CodeFunction {
  const colors = COLORS.slice(0, Math.max(FEWEST_COLORS, registers));
  const whole = cloneCode(code);
  if (assign(whole, colors) === "no spills") return whole;
  // Another try with shorter lives; it need not be better, since what was split may end up in two places.
  splitAroundLoops(code);
  assign(code, colors);
  return costOf(code) < costOf(whole) ? code : whole;
}

/** Gives registers to virtual registers and, round by round, memory to those that find none. */
function assign(code: CodeFunction, colors: readonly Register[]): "spills" | "no spills" {
  const memory = new SpillMemory();
  for (let result: "spills" | "no spills" = "no spills"; ; result = "spills") {
    const interference = buildInterference(code);
    const repeatable = repeatableDefinitions(code);
    const { assigned, uncolored } = color(interference, colors, (register) => {
      if (!memory.maySpill(register)) return Number.POSITIVE_INFINITY;
      return (interference.costs.get(register) ?? 0) / (repeatable.has(register) ? 2 : 1);
    });
    if (uncolored.length === 0) {
      renameRegisters(code, (register) => assigned.get(register) ?? register);
      return result;
    }
    memory.spill(code, uncolored);
  }
}

/** How many instructions a run of the function takes, by estimate. */
function costOf(code: CodeFunction): number {
  return code.blocks.reduce((sum, block) => sum + block.frequency * block.code.length, 0);
}
