import { type Btf, parseBtf } from "./btf/index.ts";
import { disassemble } from "./disassemble.ts";
import { functionsOf, functionTarget } from "./elf/functions.ts";
import type { LineInfo, ProgramSpec, Reference } from "./spec.ts";

/**
 * A program as text, with its source lines, the names of its functions and of the maps and configs that it refers to.
 *
 * @param types the object's BTF section, for source lines and names of functions.
 *
 * @example
 * ```ts
 * for (const program of monitor.programs.values()) process.stdout.write(disassembleProgram(program, monitor.btf));
 * // ; pass_all
 * // ; monitor.bpf.ts:3:1 export const pass_all = xdp((packet) => {
 * //    0: r1 = map[0] ll ; STATS
 * ```
 */
export function disassembleProgram(program: ProgramSpec, types: Uint8Array | undefined): string {
  const btf = types && parseBtf(types);
  const functions = new Map(functionsOf(program, btf).map(({ start, name }) => [start, name]));
  const headings = new Map([...functions].map(([start, name]) => [start, [name]]));
  if (btf !== undefined) {
    for (const line of program.lines) {
      headings.set(line.slot, [...(headings.get(line.slot) ?? []), sourceLine(btf, line)]);
    }
  }
  const notes = new Map(program.references.map((reference) => [reference.slot, referenceName(reference)]));
  for (const [slot, instruction] of program.instructions.entries()) {
    const name = functions.get(functionTarget(instruction, slot) ?? -1);
    if (name !== undefined) notes.set(slot, name);
  }
  return disassemble(program.instructions, { headings, notes });
}

function sourceLine(btf: Btf, { fileNameOffset, lineOffset, line, column }: LineInfo): string {
  return `${btf.string(fileNameOffset)}:${line}:${column} ${btf.string(lineOffset).trim()}`;
}

/** What a place that the loader fills in stands for, as people read it. */
export function referenceName(reference: Reference): string {
  switch (reference.kind) {
    case "map":
      return reference.map;
    case "map-value":
      return `${reference.map}+${reference.offset}`;
    case "config":
      return `config ${reference.config}`;
    case "kernel-function":
      return reference.name;
    case "kernel-type":
      return `${reference.question} ${reference.access} of type ${reference.type}`;
  }
}
