import type { Diagnostic } from "@weir/compiler";
import type { Compiler } from "../compiler.ts";
import { plural } from "../text/units.ts";

/** Mistakes as the compiler prints them, and how many there are. */
export function diagnosticLines(
  diagnostics: readonly Diagnostic[],
  { formatDiagnostics }: Compiler,
  consequence: string,
): string {
  return `${formatDiagnostics(diagnostics)}\n${plural(diagnostics.length, "mistake")}, ${consequence}\n`;
}

/** A mistake, or a place that explains one, for programs: lines and columns from 1, the end behind the last character. */
export function diagnosticObject({ code, message, span, notes }: Diagnostic): object {
  return {
    code,
    message,
    ...placeOf(span),
    notes: notes.map((note) => ({ message: note.message, ...placeOf(note.span) })),
  };
}

function placeOf(span: Diagnostic["span"]): object {
  if (span === undefined) return {};
  const { line, column } = span.file.place(span.start);
  const end = span.file.place(span.end);
  return { file: span.file.name, line, column, endLine: end.line, endColumn: end.column };
}
