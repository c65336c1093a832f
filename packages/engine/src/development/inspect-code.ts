import { formOf, helperName, listProgram, type ProgramSpec, stackUse } from "@weir/bytecode";
import type { InspectedCode } from "./inspected.ts";

/** What can be read in the instructions of a program. */
export function inspectCode(program: ProgramSpec, btf: Uint8Array | undefined): InspectedCode {
  return {
    instructions: program.instructions.length,
    functions: stackUse(program, btf).map(({ name, start, end, bytes, deepest, calls }) => ({
      name,
      instructions: end - start,
      stack: bytes,
      deepest,
      calls,
    })),
    helpers: [...new Set(calledHelpers(program))].sort(),
    listing: listProgram(program, btf),
  };
}

function calledHelpers({ instructions, references }: ProgramSpec): string[] {
  const named = new Map(references.map((each) => [each.slot, each.kind === "kernel-function" ? each.name : undefined]));
  return instructions.flatMap((instruction, slot) => {
    const effect = formOf(instruction)?.effect;
    if (effect?.kind !== "call" || effect.target === "function") return [];
    return named.get(slot) ?? helperName(instruction.immediate) ?? `function ${instruction.immediate}`;
  });
}
