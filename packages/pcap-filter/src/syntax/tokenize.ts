import { FilterError, type Span } from "../filter-error.ts";
import { constantNamed } from "../names/constants.ts";
import { isKeyword, otherSpelling } from "./keywords.ts";
import type { Token } from "./token.ts";

const SPACE = /[ \t\r\n]+/y;
const SIGN = /<<|>>|>=|<=|!=|==|&&|\|\||[<>=!()[\]:+\-*/%^&|]/y;
const OTHER_SIGNS: Readonly<Record<string, string>> = { "==": "=" };
const WORD_SIGNS: Readonly<Record<string, string>> = { "&&": "and", "||": "or", "!": "not" };
/** libpcap's words: dots, dashes and underscores inside, and no dash at the end. */
const WORD = /\\?[A-Za-z0-9](?:[-_.A-Za-z0-9]*[.A-Za-z0-9])?/y;
const NUMBER = /^(?:0[xX][0-9a-fA-F]+|\d+)$/;
const DOTTED = /^\d+(?:\.\d+){1,3}$/;
const BYTE = "[0-9a-fA-F]{1,2}";
const MAC = new RegExp(
  ["[0-9a-fA-F]{12}", "[0-9a-fA-F]{4}(?:\\.[0-9a-fA-F]{4}){2}"]
    .concat([":", "-", "\\."].map((separator) => `${BYTE}(?:${separator}${BYTE}){5}`))
    .map((form) => `^(?:${form})$`)
    .join("|"),
);
/** What may be an address of IPv6, or six bytes: at least two colons. Other colons stand between offset and size. */
const COLONS = /[0-9a-fA-F]*:[0-9a-fA-F]*:[0-9a-fA-F:.]*/y;
const MAC_COLONS = new RegExp(`^${BYTE}(?::${BYTE}){5}$`);

/** Names of sets become parts of the names of maps, which the kernel limits. */
const LONGEST_SET_NAME = 15;
const SET_NAME = /[A-Za-z_][A-Za-z0-9_-]*/y;

/** More are rather a mistake than a filter, and would be nested as deep. */
const MOST_TOKENS = 4_000;

/** Splits an expression into its words and signs; the last token is the end. @throws {FilterError} */
export function tokenize(expression: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; ; ) {
    at += match(SPACE, expression, at)?.length ?? 0;
    if (at === expression.length) return [...tokens, { kind: "end", text: "", value: 0, start: at, end: at }];
    const token = tokenAt(expression, at);
    if (tokens.length === MOST_TOKENS)
      throw new FilterError(expression, token, `the expression has more than ${MOST_TOKENS} words`);
    tokens.push(token);
    at = token.end;
  }
}

function tokenAt(expression: string, start: number): Token {
  if (expression[start] === "@") return setToken(expression, start);
  const colons = match(COLONS, expression, start);
  if (colons !== undefined) {
    const span = { start, end: start + colons.length };
    return { kind: MAC_COLONS.test(colons) ? "mac" : "ipv6", text: colons, value: 0, ...span };
  }
  const word = match(WORD, expression, start);
  if (word !== undefined) return wordToken(expression, word, { start, end: start + word.length });
  const sign = match(SIGN, expression, start);
  if (sign === undefined) {
    const character = String.fromCodePoint(expression.codePointAt(start) ?? 0);
    throw new FilterError(expression, { start, end: start + character.length }, `"${character}" means nothing here`);
  }
  const span = { start, end: start + sign.length };
  const asWord = WORD_SIGNS[sign];
  if (asWord !== undefined) return { kind: "keyword", text: asWord, value: 0, ...span };
  return { kind: "sign", text: OTHER_SIGNS[sign] ?? sign, value: 0, ...span };
}

function setToken(expression: string, start: number): Token {
  const name = match(SET_NAME, expression, start + 1);
  if (name === undefined) {
    const advice = "It begins with a letter or _: src in @blocklist.";
    throw new FilterError(expression, { start, end: start + 1 }, "the name of a set is missing behind @", advice);
  }
  const span = { start, end: start + 1 + name.length };
  if (name.length > LONGEST_SET_NAME) {
    throw new FilterError(expression, span, `the name of a set has at most ${LONGEST_SET_NAME} characters`);
  }
  return { kind: "set", text: name, value: 0, ...span };
}

function wordToken(expression: string, word: string, span: Span): Token {
  if (word.startsWith("\\")) return { kind: "name", text: word.slice(1), value: 0, ...span };
  if (MAC.test(word)) return { kind: "mac", text: word, value: 0, ...span };
  if (NUMBER.test(word)) return { kind: "number", text: word, value: numberOf(expression, word, span), ...span };
  if (DOTTED.test(word)) return { kind: "ipv4", text: word, value: 0, ...span };
  const constant = constantNamed(word);
  if (constant !== undefined) return { kind: "number", text: word, value: constant, ...span };
  const spelling = otherSpelling(word);
  return { kind: isKeyword(spelling) ? "keyword" : "name", text: spelling, value: 0, ...span };
}

/** Decimal, hexadecimal after `0x`, octal after `0`, as in C. */
function numberOf(expression: string, word: string, span: Span): number {
  const isOctal = /^0\d/.test(word);
  if (isOctal && /[89]/.test(word)) {
    throw new FilterError(
      expression,
      span,
      `the number ${word} begins with 0, so it is octal, and has a digit that is not`,
      `Write ${word.replace(/^0+/, "")}.`,
    );
  }
  const value = isOctal ? Number.parseInt(word, 8) : Number(word);
  if (value > 0xffff_ffff) throw new FilterError(expression, span, `the number ${word} has more than 32 bits`);
  return value;
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
