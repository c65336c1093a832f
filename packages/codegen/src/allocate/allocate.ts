import { cloneCode } from "../code/clone.ts";
import type { CodeFunction } from "../code/code.ts";
import type { Register } from "../code/register.ts";
import { renameRegisters } from "../code/rename.ts";
import { STACK_SIZE } from "../code/stack-layout.ts";
import { CodegenError } from "../codegen-error.ts";
import { color } from "./coloring.ts";
import { buildInterference } from "./interference.ts";
import { splitAroundLoops } from "./loop-splitting.ts";
import { repeatableDefinitions } from "./repeatable.ts";
import { SpillMemory } from "./spill-memory.ts";

/** In the order of choice: those that a call loses first, because the JIT must save the others on entry. */
const COLORS: readonly Register[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
/** With fewer registers than this, one instruction may not find all it needs. */
const FEWEST_COLORS = 3;

/**
 * Gives every virtual register one of the machine's, and memory on the stack to those that find none.
 *
 * Needs: code with virtual registers. Gives: code with the machine's registers, in a copy.
 */
export function allocateRegisters(code: CodeFunction, registers: number = COLORS.length): CodeFunction {
  const colors = COLORS.slice(0, Math.max(FEWEST_COLORS, registers));
  const first = allocate(code, colors, false);
  if (!first.spilled) return first.code;
  // Whether splitting pays depends on all else: the code says which is better.
  const split = allocate(code, colors, true);
  const best = costOf(split.code) < costOf(first.code) ? split.code : first.code;
  if (best.frame > STACK_SIZE) {
    throw new CodegenError(
      `${code.name} needs ${best.frame} bytes of stack with what finds no register, the kernel has ${STACK_SIZE}`,
      code.position,
    );
  }
  return best;
}

/**
 * Allocates in rounds: what finds no register goes to memory, and the rest tries again.
 *
 * @param split whether lives are split around loops
 */
function allocate(
  code: CodeFunction,
  colors: readonly Register[],
  split: boolean,
): { readonly code: CodeFunction; readonly spilled: boolean } {
  const copy = cloneCode(code);
  // What was split on purpose is not joined again; it may still get the same register.
  const apart = split ? splitAroundLoops(copy) : new Set<Register>();
  const memory = new SpillMemory();
  for (let spilled = false; ; spilled = true) {
    const interference = buildInterference(copy);
    const repeatable = repeatableDefinitions(copy);
    const spillCost = (register: Register): number => {
      if (!memory.maySpill(register)) return Number.POSITIVE_INFINITY;
      return (interference.costs.get(register) ?? 0) / (repeatable.has(register) ? 2 : 1);
    };
    const { assigned, uncolored } = color(interference, colors, { spillCost, apart });
    if (uncolored.length === 0) {
      renameRegisters(copy, (register) => assigned.get(register) ?? register);
      return { code: copy, spilled };
    }
    memory.spill(copy, uncolored, interference.graph);
  }
}

/** How many instructions a run of the function takes, by estimate. */
function costOf(code: CodeFunction): number {
  return code.blocks.reduce((sum, block) => sum + block.frequency * block.code.length, 0);
}
