import { type LineInfo, type ProgramSpec, parseBtf } from "@weir/bytecode";

/** Where in the source of a kernel program an instruction comes from. */
export interface SourcePosition {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The source line itself. */
  readonly text: string;
}

/** The position that line info gives an instruction: that of the last entry at or before it. */
export function sourcePositionOf(
  spec: ProgramSpec,
  slot: number,
  btf: Uint8Array | undefined,
): SourcePosition | undefined {
  if (btf === undefined) return undefined;
  let found: LineInfo | undefined;
  for (const info of spec.lines) {
    if (info.slot <= slot && (found === undefined || info.slot >= found.slot)) found = info;
  }
  if (found === undefined) return undefined;
  const strings = parseBtf(btf);
  return {
    file: strings.string(found.fileNameOffset),
    line: found.line,
    column: found.column,
    text: strings.string(found.lineOffset),
  };
}
