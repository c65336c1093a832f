import type { Span } from "../source-file.ts";
import type { Diagnostic } from "./diagnostic.ts";

/**
 * Diagnostics as text for people: place, code and message, then the source line with the place underlined.
 *
 * @example
 * ```ts
 * process.stderr.write(formatDiagnostics(compile("filter.bpf.ts").diagnostics));
 * ```
 */
export function formatDiagnostics(diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .map(({ code, message, span, notes }) =>
      [
        span === undefined ? `${code}: ${message}\n` : `${place(span)} - ${code}: ${message}\n${excerpt(span)}`,
        ...notes.map((note) => `  ${place(note.span)}: ${note.message}\n${excerpt(note.span)}`),
      ].join(""),
    )
    .join("\n");
}

function place(span: Span): string {
  const { line, column } = span.file.place(span.start);
  return `${span.file.name}:${line}:${column}`;
}

function excerpt(span: Span): string {
  const start = span.file.place(span.start);
  const text = span.file.line(start.line);
  const last = span.file.place(span.end);
  // Of a place that spans several lines, the first is underlined to its end.
  const end = last.line === start.line ? last.column : text.length + 1;
  const underline = "~".repeat(Math.max(1, end - start.column));
  const margin = String(start.line);
  // Tabs stay tabs, so that the underline stands below its text.
  const indent = text.slice(0, start.column - 1).replace(/[^\t]/g, " ");
  return `${margin} │ ${text}\n${" ".repeat(margin.length)} │ ${indent}${underline}\n`;
}
