import { stripVTControlCharacters } from "node:util";

/** How many characters a terminal shows of a text: styling does not count. */
export function visibleLength(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

/** Puts pieces side by side, `gap` between them, and begins a new line where one would go beyond `columns`. */
export function flow(pieces: readonly string[], columns: number, gap = "  "): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    if (last !== undefined && visibleLength(last) + gap.length + visibleLength(piece) <= columns) {
      lines[lines.length - 1] = `${last}${gap}${piece}`;
    } else {
      lines.push(piece);
    }
  }
  return lines;
}

/** A sentence in lines of at most `columns` characters. */
export function wrapWords(sentence: string, columns: number): string[] {
  return flow(sentence.split(" "), columns, " ");
}

/** The beginning of a line that a terminal of that width shows without breaking it. */
export function clip(line: string, columns: number): string {
  if (visibleLength(line) <= columns) return line;
  // Styles are cut off with the rest: a line that is too long for the terminal may lose its colour, not its shape.
  return [...stripVTControlCharacters(line)]
    .slice(0, Math.max(0, columns - 1))
    .join("")
    .concat("…");
}
