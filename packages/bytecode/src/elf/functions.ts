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
  const targets = program.instructions.flatMap((instruction, slot) => functionTarget(instruction, slot) ?? []);
  const starts = [...new Set([0, ...names.keys(), ...targets])].sort((a, b) => a - b);
  return starts.map((start, index) => ({
    name: start === 0 ? program.name : (names.get(start) ?? `function_${start}`),
    start,
    end: starts[index + 1] ?? program.instructions.length,
  }));
}

/** The slot of the function that is called or whose address is loaded; undefined for all other instructions. */
export function functionTarget(instruction: Instruction, slot: number): number | undefined {
  return functionUse(instruction) === undefined ? undefined : slot + 1 + instruction.immediate;
}

/** How an instruction uses a function of the program, if it does. */
export function functionUse(instruction: Instruction): "call" | "address" | undefined {
  const effect = formOf(instruction)?.effect;
  if (effect?.kind === "call" && effect.target === "function") return "call";
  return effect?.kind === "load64" && effect.of === "function" ? "address" : undefined;
}

function functionName(btf: Btf | undefined, id: number): string | undefined {
  const type = btf?.type(id);
  return type?.kind === "function" ? type.name : undefined;
}
