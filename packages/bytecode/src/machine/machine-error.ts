import type { SourcePosition } from "../source-position.ts";

/** Where in a program something happened, and in its source when it has line info. */
export interface MachinePlace {
  readonly program: string;
  readonly slot: number;
  /** The instruction, disassembled. */
  readonly instruction: string;
  readonly source: SourcePosition | undefined;
}

/**
 * A program did what no program that the verifier accepts does: it left its memory, used a register without a value… Or it needs
 * something that the machine was not given.
 */
export class MachineError extends Error {
  override readonly name = "MachineError";
  readonly code = "WEIR_MACHINE";
  /** What is wrong, without the place. */
  readonly problem: string;
  /** Undefined when no program was running. */
  readonly place: MachinePlace | undefined;

  constructor(problem: string, place?: MachinePlace) {
    super(place === undefined ? problem : message(problem, place));
    this.problem = problem;
    this.place = place;
  }
}

function message(problem: string, { program, slot, instruction, source }: MachinePlace): string {
  const lines = [`program "${program}", slot ${slot}: ${problem}`];
  if (source !== undefined) {
    lines[0] = `${source.file}:${source.line}:${source.column}: ${problem}`;
    lines.push(`  ${source.line} │ ${source.text.trim()}`);
  }
  lines.push(`  ${slot}: ${instruction}`);
  return lines.join("\n");
}
