import type { Instruction, Reference } from "@weir/bytecode";
import type { CodeFunction } from "../code/code.ts";
import type { CompiledProgram } from "../compile.ts";
import { type AssembledFunction, assemble } from "./assemble.ts";
import { checkCallStack } from "./call-stack.ts";

interface Placed {
  readonly slot: number;
  readonly assembled: AssembledFunction;
}

/** Puts a function and all that it uses behind each other; `compile` gives the code of a function by name. */
export function link(name: string, compile: (name: string) => CodeFunction): CompiledProgram {
  const compiled = new Map<string, CodeFunction>();
  const placed = new Map<string, Placed>();
  const waiting = [name];
  let size = 0;
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (placed.has(next)) continue;
    const code = compile(next);
    compiled.set(next, code);
    const assembled = assemble(code);
    placed.set(next, { slot: size, assembled });
    size += assembled.instructions.length;
    waiting.push(...assembled.uses.map((use) => use.name));
  }
  checkCallStack(compiled, name);
  const instructions: Instruction[] = [];
  const references: Reference[] = [];
  const lines: CompiledProgram["lines"][number][] = [];
  for (const { slot, assembled } of placed.values()) {
    instructions.push(...assembled.instructions);
    for (const reference of assembled.references) references.push({ ...reference, slot: slot + reference.slot });
    for (const line of assembled.lines) lines.push({ ...line, slot: slot + line.slot });
    for (const use of assembled.uses) {
      const at = slot + use.slot;
      const instruction = instructions[at];
      const target = placed.get(use.name)?.slot;
      if (instruction === undefined || target === undefined) throw new Error(`${use.name} is used and stands nowhere`);
      instructions[at] = { ...instruction, immediate: target - at - 1 };
    }
  }
  const functions = [...placed].map(([functionName, { slot }]) => ({ slot, name: functionName }));
  return { instructions, references, functions, lines };
}
