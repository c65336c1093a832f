import {
  alu,
  type Comparison,
  exit,
  type Instruction,
  jump,
  loadMapAddress,
  type Operand,
  type ProgramSpec,
  type Reference,
} from "@weir/bytecode";

/** A step of a tracepoint's program: an instruction, a map's address, or a condition under which the program is over. */
export type Step =
  | Instruction
  | { readonly map: string; readonly register: number }
  | { readonly leaveIf: readonly [comparison: Comparison, register: number, operand: Operand] };

/**
 * A program for a tracepoint, of a few instructions that depend on the machine it is loaded on: so it is put together when it
 * is loaded, and needs no compiler.
 */
export function tracepointProgram(type: "raw" | "typed", tracepoint: string, steps: readonly Step[]): ProgramSpec {
  const slots = steps.reduce((sum, step) => sum + ("map" in step ? 2 : 1), 0);
  const instructions: Instruction[] = [];
  const references: Reference[] = [];
  for (const step of steps) {
    if ("map" in step) {
      references.push({ kind: "map", slot: instructions.length, map: step.map });
      instructions.push(...loadMapAddress(step.register));
    } else if ("leaveIf" in step) {
      const [comparison, register, operand] = step.leaveIf;
      instructions.push(jump(comparison, 64, register, operand, slots - instructions.length - 1));
    } else {
      instructions.push(step);
    }
  }
  instructions.push(alu("mov", 64, 0, 0), exit());
  return {
    name: tracepoint,
    section: `${type === "raw" ? "raw_tp" : "tp_btf"}/${tracepoint}`,
    type: type === "raw" ? "raw-tracepoint" : "typed-tracepoint",
    frags: false,
    instructions,
    references,
    functions: [],
    lines: [],
  };
}
