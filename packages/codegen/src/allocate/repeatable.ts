import type { CodeAction, CodeFunction } from "../code/code.ts";
import type { Register } from "../code/register.ts";
import { definitionsOf } from "../code/registers-of.ts";

/** Actions that can be done again instead of kept in memory: constants, addresses of maps, of functions and of the stack. */
const REPEATABLE: ReadonlySet<CodeAction["kind"]> = new Set([
  "constant",
  "config",
  "map",
  "kernel-type",
  "function",
  "frame",
]);

/** For each register that is only ever given one constant or address: how it is made. */
export function repeatableDefinitions(code: CodeFunction): ReadonlyMap<Register, CodeAction> {
  const made = new Map<Register, CodeAction>();
  const others = new Set<Register>();
  for (const { code: instructions } of code.blocks) {
    for (const instruction of instructions) {
      for (const register of definitionsOf(instruction)) {
        if (!REPEATABLE.has(instruction.kind) || made.has(register)) others.add(register);
        else made.set(register, instruction);
      }
    }
  }
  for (const register of others) made.delete(register);
  return made;
}
