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

export interface AllocateOptions {
  /** How many registers of the machine may be used. */
  readonly registers: number | undefined;
  /** Whether what lies in memory at different times may share it. */
  readonly sharesSlots: boolean;
  /** Whether lives may be split around loops. */
  readonly splitsLives: boolean;
  /** Whether the two sides of a move may become one register. */
  readonly joinsMoves: boolean;
  /** Called with the code whose registers are allocated: with split lives, if that pays. */
  onSplit(code: CodeFunction): void;
}

interface Allocation {
  readonly code: CodeFunction;
  readonly spilled: boolean;
}

/**
 * Gives every virtual register one of the machine's, and memory on the stack to those that find none.
 *
 * Needs: code with virtual registers. Gives: code with the machine's registers, in a copy.
 */
export function allocateRegisters(code: CodeFunction, options: AllocateOptions): CodeFunction {
  const whole = allocate(code, new Set(), options);
  let best = whole.code;
  let from = code;
  if (whole.spilled && options.splitsLives) {
    const split = cloneCode(code);
    const allocated = allocate(split, splitAroundLoops(split), options);
    // Whether splitting pays depends on all else: the code says which is better.
    if (costOf(allocated.code) < costOf(best)) [from, best] = [split, allocated.code];
  }
  options.onSplit(from);
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
 * @param apart what was split on purpose: it is not joined again, but may still get the same register
 */
function allocate(
  code: CodeFunction,
  apart: ReadonlySet<Register>,
  { registers = COLORS.length, sharesSlots, joinsMoves }: AllocateOptions,
): Allocation {
  const colors = COLORS.slice(0, Math.max(FEWEST_COLORS, registers));
  const copy = cloneCode(code);
  const memory = new SpillMemory(sharesSlots);
  for (let spilled = false; ; spilled = true) {
    const interference = buildInterference(copy);
    const moves = joinsMoves ? interference.moves : [];
    const repeatable = repeatableDefinitions(copy);
    const spillCost = (register: Register): number => {
      if (!memory.maySpill(register)) return Number.POSITIVE_INFINITY;
      return (interference.costs[register] ?? 0) / (repeatable.has(register) ? 2 : 1);
    };
    const { assigned, uncolored } = color({ ...interference, moves }, colors, { spillCost, apart });
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
