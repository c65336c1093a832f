import { callHelper } from "../assemble.ts";
import type { Instruction } from "../instruction.ts";
import { WIDE_LOAD } from "../opcodes.ts";

/**
 * A helper that no kernel has (libbpf calls the same one): where it can be reached the verifier refuses the program, and names it
 * in its log.
 */
export const POISON_HELPER = 0x0bad_2310;

/** Puts an instruction in the place of another one that must not be reached, because this kernel lacks what it needs. */
export function poison(instructions: Instruction[], slot: number): void {
  if (instructions[slot]?.opcode === WIDE_LOAD) instructions[slot + 1] = callHelper(POISON_HELPER);
  instructions[slot] = callHelper(POISON_HELPER);
}
