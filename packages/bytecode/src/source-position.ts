import type { Btf } from "./btf/btf.ts";
import type { LineInfo } from "./spec.ts";

/** A place in the source of a program. */
export interface SourcePosition {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The source line itself. */
  readonly text: string;
}

/** What line info says, with its texts. */
export function sourcePosition(
  btf: Btf,
  { fileNameOffset, lineOffset, line, column }: Omit<LineInfo, "slot">,
): SourcePosition {
  return { file: btf.string(fileNameOffset), line, column, text: btf.string(lineOffset) };
}

/** The line info of an instruction: the last at or before it that names a line. */
export function lineAt(lines: readonly LineInfo[], slot: number): LineInfo | undefined {
  let found: LineInfo | undefined;
  for (const info of lines) {
    // Compilers give what they made up themselves line 0.
    if (info.slot <= slot && info.line > 0 && (found === undefined || info.slot >= found.slot)) found = info;
  }
  return found;
}
