import type { Btf } from "../btf/btf.ts";
import type { Instruction } from "../instruction.ts";
import { formOf } from "../opcodes.ts";
import type { ProgramSpec } from "../spec.ts";

/** A function of a program: slots from `start` up to, not including, `end`. */
export interface FunctionRange {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The functions of a program, in the order of their code; the first is the program itself. */
export function functionsOf(program: ProgramSpec, btf: Btf | undefined): FunctionRange[] {
  const names = new Map(program.functions.map((info) => [info.slot, functionName(btf, info.type)]));
  const targets = program.instructions.flatMap((instruction, slot) => callTarget(instruction, slot) ?? []);
  const starts = [...new Set([0, ...names.keys(), ...targets])].sort((a, b) => a - b);
  return starts.map((start, index) => ({
    name: start === 0 ? program.name : (names.get(start) ?? `function_${start}`),
    start,
    end: starts[index + 1] ?? program.instructions.length,
  }));
}

/** The slot that a call goes to, undefined for all but calls of functions of the program. */
export function callTarget(instruction: Instruction, slot: number): number | undefined {
  const effect = formOf(instruction)?.effect;
  return effect?.kind === "call" && effect.target === "function" ? slot + 1 + instruction.immediate : undefined;
}

function functionName(btf: Btf | undefined, id: number): string | undefined {
  const type = btf?.type(id);
  return type?.kind === "function" ? type.name : undefined;
}
