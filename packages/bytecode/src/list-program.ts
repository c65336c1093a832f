import { parseBtf } from "./btf/index.ts";
import { disassembleOne } from "./disassemble.ts";
import { functionsOf, functionTarget } from "./elf/functions.ts";
import { WIDE_LOAD } from "./opcodes.ts";
import { referenceName } from "./reference-name.ts";
import { type SourcePosition, sourcePosition } from "./source-position.ts";
import type { ProgramSpec } from "./spec.ts";

/** An instruction with what is known of it. */
export interface ListedInstruction {
  readonly slot: number;
  /** As the verifier and llvm-objdump write it. */
  readonly text: string;
  /** What it refers to: a map, a `config()`, a function. */
  readonly note?: string;
  /** The function that begins with it. */
  readonly function?: string;
  /** Where it comes from, when that is another place than the one of the instruction before. */
  readonly source?: SourcePosition;
}

/**
 * The instructions of a program, each with its function, its source line, and what it refers to.
 *
 * @example
 * ```ts
 * const calls = [...monitor.programs.values()]
 *   .flatMap((program) => listProgram(program, monitor.btf))
 *   .filter(({ text }) => text.startsWith("call"));
 * ```
 * @param types the object's BTF section, for source lines and names of functions
 */
export function listProgram(program: ProgramSpec, types: Uint8Array | undefined): ListedInstruction[] {
  const btf = types && parseBtf(types);
  const functions = new Map(functionsOf(program, btf).map(({ start, name }) => [start, name]));
  const sources = new Map(btf && program.lines.map((line) => [line.slot, sourcePosition(btf, line)]));
  const notes = new Map(program.references.map((reference) => [reference.slot, referenceName(reference, btf)]));
  const listed: ListedInstruction[] = [];
  for (const [slot, instruction] of program.instructions.entries()) {
    // Only where it is the second half of the load before: as an instruction of its own, 0 is none.
    if (instruction.opcode === 0 && program.instructions[slot - 1]?.opcode === WIDE_LOAD) continue;
    const note = notes.get(slot) ?? functions.get(functionTarget(instruction, slot) ?? -1);
    const name = functions.get(slot);
    const source = sources.get(slot);
    listed.push({
      slot,
      text: disassembleOne(instruction, program.instructions[slot + 1]),
      ...(note !== undefined && { note }),
      ...(name !== undefined && { function: name }),
      ...(source !== undefined && { source }),
    });
  }
  return listed;
}

/**
 * A program as text: its instructions below the source lines that they come from.
 *
 * @example
 * ```ts
 * for (const program of monitor.programs.values()) process.stdout.write(disassembleProgram(program, monitor.btf));
 * // pass_all:
 * // ; monitor.bpf.ts:3:1  export const pass_all = xdp((packet) => {
 * //    0: r1 = map[0] ll ; map STATS
 * ```
 */
export function disassembleProgram(program: ProgramSpec, types: Uint8Array | undefined): string {
  return listProgram(program, types)
    .flatMap(({ slot, text, note, function: name, source }) => [
      ...(name === undefined ? [] : [`${name}:`]),
      ...(source === undefined ? [] : [`; ${sourceText(source)}`]),
      `${String(slot).padStart(4)}: ${text}${note === undefined ? "" : ` ; ${note}`}`,
    ])
    .map((line) => `${line}\n`)
    .join("");
}

/** A place in the source and its line, as listings have it; of the file its name alone. */
export function sourceText({ file, line, column, text }: SourcePosition): string {
  return `${file.replace(/^.*\//, "")}:${line}:${column}  ${text.trim()}`;
}
