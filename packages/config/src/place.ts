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

/** The place of a node or, if it can be told, of a character in its string: not in quotes over several lines. */
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
  if (!isScalar(node) || typeof node.value !== "string") return undefined;
  const isOneLine = !/[\r\n]/.test(source);
  switch (node.type) {
    case "PLAIN":
      return source === node.value ? character : behindSigns(source, 0, node.value.slice(0, character));
    case "BLOCK_LITERAL":
    case "BLOCK_FOLDED":
      // The first line says how to read the others.
      return behindSigns(source, source.indexOf("\n") + 1, node.value.slice(0, character));
    case "QUOTE_SINGLE":
      if (!isOneLine) return undefined;
      // A quote inside is written twice.
      return 1 + node.value.slice(0, character).replaceAll("'", "''").length;
    case "QUOTE_DOUBLE": {
      if (!isOneLine) return undefined;
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

/** Where in a source the next sign is, behind as many as a text has: only white space is written in another way there. */
function behindSigns(source: string, from: number, before: string): number | undefined {
  let left = before.replaceAll(/\s/g, "").length;
  for (let at = from; at < source.length; at++) {
    if (/\s/.test(source[at] ?? "")) continue;
    if (left === 0) return at;
    left -= 1;
  }
  // Behind the last one.
  return left === 0 ? source.trimEnd().length : undefined;
}
