import type { Instruction } from "../instruction.ts";
import { formOf } from "../opcodes.ts";

/** Whether code reads what a register has behind a slot, on any way. Calls neither read nor change it: it is one of those that they keep. */
export function isNeededBehind(instructions: readonly Instruction[], slot: number, register: number): boolean {
  const seen = new Set<number>();
  const open = [slot + 1];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const instruction = instructions[at];
    const form = instruction && formOf(instruction);
    if (instruction === undefined || form === undefined || seen.has(at)) continue;
    seen.add(at);
    const { effect, operands } = form;
    const { destination, source, offset, immediate } = instruction;
    const isSet = operands.includes("destination") && destination === register;
    if (operands.includes("source") && source === register) return true;
    if (isSet && !overwrites(instruction)) return true;
    if (isSet || effect.kind === "exit") continue;
    if (effect.kind === "goto") open.push(at + 1 + (effect.distance === "offset" ? offset : immediate));
    else open.push(at + (effect.kind === "load64" ? 2 : 1));
    if (effect.kind === "jump") open.push(at + 1 + offset);
  }
  return false;
}

/** Whether an instruction gives its destination a value that does not depend on what it had. */
function overwrites(instruction: Instruction): boolean {
  const effect = formOf(instruction)?.effect;
  switch (effect?.kind) {
    case "alu":
      return effect.operation === "mov";
    case "load":
    case "load64":
    case "sign-extend":
      return true;
    default:
      return false;
  }
}
