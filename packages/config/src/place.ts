import { isScalar, type LineCounter, type Node } from "yaml";

/** A place in a configuration file. */
export interface ConfigPlace {
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  /** Whether it is the very character that was asked for, and not only the string that it is in. */
  readonly isExact: boolean;
}

/** The place of a node or, if it can be told, of a character in its string: where that is one line without a break in its text. */
export function placeWithin(
  node: Node | undefined,
  character: number | undefined,
  text: string,
  lines: LineCounter,
): ConfigPlace {
  const [start = 0, end = 0] = node?.range ?? [];
  const inside = character === undefined ? 0 : sourceIndex(node, text.slice(start, end), character);
  const { line, col } = lines.linePos(start + (inside ?? 0));
  return { line: Math.max(line, 1), column: Math.max(col, 1), isExact: inside !== undefined };
}

/** An escape of a string in double quotes, or one other character. */
const ESCAPED = /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)|[^\\]/suy;

/** Where in the source of a string the character is that has this index in its value. */
function sourceIndex(node: Node | undefined, source: string, character: number): number | undefined {
  if (!isScalar(node) || typeof node.value !== "string" || /[\r\n]/.test(source)) return undefined;
  switch (node.type) {
    case "PLAIN":
      return source === node.value ? character : undefined;
    case "QUOTE_SINGLE":
      // A quote inside is written twice.
      return 1 + node.value.slice(0, character).replaceAll("'", "''").length;
    case "QUOTE_DOUBLE": {
      let at = 1;
      for (let index = 0; index < character; ) {
        ESCAPED.lastIndex = at;
        const [piece] = ESCAPED.exec(source) ?? [];
        if (piece === undefined) return undefined;
        at += piece.length;
        // What is not written as an escape may take two indices, and what takes two is rarely written as an escape.
        index += piece.startsWith("\\U") ? 2 : piece.startsWith("\\") ? 1 : piece.length;
      }
      return at;
    }
    default:
      return undefined;
  }
}
