import type { SourcePosition } from "@weir/bytecode";

/** `count.bpf.ts:12:3` */
export function placeName({ file, line, column }: SourcePosition): string {
  return `${file}:${line}:${column}`;
}

/** The source line with its number, and below it what is meant. */
export function excerpt({ line, column, text }: SourcePosition): string[] {
  // A compiler that read its input from a pipe knows no text.
  if (text === "") return [];
  const number = String(line);
  const start = Math.min(Math.max(column - 1, 0), text.length);
  // Tabs stay tabs, so that the caret stands under its character.
  const indent = text.slice(0, start).replaceAll(/[^\t]/g, " ");
  return [
    `  ${number} │ ${text}`,
    `  ${" ".repeat(number.length)} │ ${indent}${"^".repeat(underlined(text.slice(start)))}`,
  ];
}

/** How many characters to underline: the expression's first words, as far as a line alone can tell. */
function underlined(rest: string): number {
  return Math.max(1, /^[\w.]*(\([^()]*\))?/.exec(rest)?.[0].length ?? 1);
}
