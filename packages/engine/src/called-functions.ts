import { formOf, helperName, type ProgramSpec } from "@weir/bytecode";

/** The kernel's functions that a program calls, helpers by their names, each as often as it calls it. */
export function calledFunctions({ instructions, references }: ProgramSpec): string[] {
  const named = new Map(references.map((each) => [each.slot, each.kind === "kernel-function" ? each.name : undefined]));
  return instructions.flatMap((instruction, slot) => {
    const effect = formOf(instruction)?.effect;
    if (effect?.kind !== "call" || effect.target === "function") return [];
    return named.get(slot) ?? helperName(instruction.immediate) ?? `function ${instruction.immediate}`;
  });
}
