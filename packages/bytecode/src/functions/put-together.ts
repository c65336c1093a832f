import { ObjectError } from "../object-error.ts";
import type { ProgramSpec } from "../spec.ts";
import type { FunctionCode } from "./function-code.ts";

/**
 * A program made of functions: the first, and of the others those that it uses, itself or through them. Of two with the same name the later
 * one is taken.
 *
 * @throws {ObjectError} where a function is used that is not there
 */
export function putTogether(program: ProgramSpec, functions: readonly FunctionCode[]): ProgramSpec {
  const byName = new Map(functions.map((one) => [one.name, one]));
  const [first] = functions;
  if (first === undefined) throw new ObjectError(`program "${program.name}" is made of no functions`);
  const placed = new Map<string, number>();
  const order: FunctionCode[] = [];
  let size = 0;
  const waiting = [first.name];
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (placed.has(name)) continue;
    const code = byName.get(name);
    if (code === undefined)
      throw new ObjectError(`program "${program.name}" uses function ${name}, which is not there`);
    placed.set(name, size);
    order.push(code);
    size += code.instructions.length;
    waiting.push(...code.uses.values());
  }
  const at = (name: string): number => placed.get(name) ?? 0;
  return Object.freeze({
    ...program,
    instructions: order.flatMap(({ name, instructions, uses }) =>
      instructions.map((instruction, slot) => {
        const used = uses.get(slot);
        return used === undefined ? instruction : { ...instruction, immediate: at(used) - (at(name) + slot + 1) };
      }),
    ),
    references: order.flatMap(({ name, references }) =>
      references.map((reference) => ({ ...reference, slot: at(name) + reference.slot })),
    ),
    functions: order.flatMap(({ name, type }) => (type === 0 ? [] : { slot: at(name), type })),
    lines: order.flatMap(({ name, lines }) => lines.map((line) => ({ ...line, slot: at(name) + line.slot }))),
  });
}
