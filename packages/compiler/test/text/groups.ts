import { type Token, tokensOf } from "./tokens.ts";

/** A stretch of text. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** What stands between two brackets, without them. */
export interface Group extends Stretch {
  readonly bracket: "(" | "[" | "{";
  /** Statements of a block, or what stands between commas. */
  readonly parts: readonly Stretch[];
  readonly inner: readonly Group[];
}

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** The whole text as a group of statements, with the groups in it. */
export function groupsOf(text: string): Group {
  const tokens = tokensOf(text);
  let index = 0;

  const read = (bracket: Group["bracket"], start: number): Group => {
    const parts: Stretch[] = [];
    const inner: Group[] = [];
    let partStart: number | undefined;
    for (;;) {
      const token = tokens[index++];
      if (token === undefined || token.text === CLOSING[bracket]) {
        const end = token?.start ?? text.length;
        if (partStart !== undefined) parts.push({ start: partStart, end });
        return { bracket, start, end, parts, inner };
      }
      partStart ??= token.start;
      let { end } = token;
      if (token.text === "(" || token.text === "[" || token.text === "{") {
        const group = read(token.text, token.end);
        inner.push(group);
        end = group.end + 1;
      }
      if (endsPart(bracket, token, tokens[index])) {
        parts.push({ start: partStart, end });
        partStart = undefined;
      }
    }
  };
  return read("{", 0);
}

function endsPart(bracket: Group["bracket"], token: Token, next: Token | undefined): boolean {
  if (bracket !== "{") return token.text === ",";
  if (token.text === ";" || token.text === ",") return true;
  // Behind a block: unless the statement goes on.
  return token.text === "{" && !["else", "while", ";", ")", ","].includes(next?.text ?? "");
}

/** A group and all groups in it, the outer ones first. */
export function allGroups(group: Group): readonly Group[] {
  return [group, ...group.inner.flatMap(allGroups)];
}
