import type { Expression, Id, Mask, Qualifiers } from "./expression.ts";
import type { Nesting } from "./nesting.ts";
import { isArithmetic } from "./parse-arithmetic.ts";
import type { Token } from "./token.ts";
import type { Tokens } from "./tokens.ts";

const ID_KINDS: ReadonlySet<Token["kind"]> = new Set(["number", "ipv4", "ipv6", "mac", "name"]);

/** Whether an id follows, behind any number of `(` and `not`. */
export function isId(tokens: Tokens): boolean {
  const before = tokens.position;
  while (tokens.takeIf("sign", "(") ?? tokens.takeIf("keyword", "not"));
  const found = (ID_KINDS.has(tokens.peek().kind) && !isArithmetic(tokens)) || tokens.isNext("keyword", "in");
  tokens.position = before;
  return found;
}

/** Reads an id, or several in brackets, that all have the same qualifiers. @throws {FilterError} */
export function parseIds(tokens: Tokens, nesting: Nesting, qualifiers: Qualifiers): Expression {
  using _deeper = nesting.deeper(tokens);
  const { start } = tokens.peek();
  if (tokens.takeIf("keyword", "not") !== undefined) {
    const operand = parseIds(tokens, nesting, qualifiers);
    return { kind: "not", operand, start, end: operand.end };
  }
  if (tokens.takeIf("sign", "(") !== undefined) {
    let list = parseIds(tokens, nesting, qualifiers);
    for (;;) {
      const end = tokens.takeIf("sign", ")");
      if (end !== undefined) return { ...list, start, end: end.end };
      const kind = tokens.isNext("keyword", "and") ? "and" : "or";
      if (tokens.takeIf("keyword", kind) === undefined) tokens.fail('")", "and" or "or" is missing');
      const right = parseIds(tokens, nesting, qualifiers);
      list = { kind, left: list, right, start, end: right.end };
    }
  }
  const id = parseId(tokens, qualifiers);
  return { kind: "primitive", qualifiers, id, start, end: id.end };
}

function parseId(tokens: Tokens, { type }: Qualifiers): Id {
  const { kind, text, value, start, end } = tokens.peek();
  switch (kind) {
    case "number": {
      tokens.take();
      if (type !== "net") return { kind: "number", value, text, start, end };
      const mask = parseMask(tokens);
      return { kind: "ipv4", text: mask === undefined ? shortNet(value) : text, mask, start, end: mask?.end ?? end };
    }
    case "ipv4":
    case "ipv6": {
      tokens.take();
      const mask = parseMask(tokens);
      return { kind, text, mask, start, end: mask?.end ?? end };
    }
    case "mac":
    case "name":
      tokens.take();
      return { kind, text, start, end };
    case "keyword":
      if (text === "in") return parseSet(tokens);
      return tokens.fail(
        `"${text}" is a word of the language, where an address, number or name is missing`,
        `If it is meant as a name, write \\${text}.`,
      );
    default:
      return tokens.fail("an address, number or name is missing");
  }
}

function parseSet(tokens: Tokens): Id {
  const { start } = tokens.take();
  const { kind, text, end } = tokens.peek();
  if (kind !== "set") tokens.fail('the name of a set is missing behind "in"', "Write it with an @: src in @blocklist.");
  tokens.take();
  return { kind: "set", text, start, end };
}

/** `net 10` is 10.0.0.0/8, `net 2570` 10.10.0.0/16: the number without the zeros in front of it; `net 0` is one address. */
function shortNet(value: number): string {
  const bytes = [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);
  const first = bytes.findIndex((byte) => byte !== 0);
  return bytes.slice(Math.max(0, first)).join(".");
}

function parseMask(tokens: Tokens): Mask | undefined {
  if (tokens.takeIf("sign", "/") !== undefined) {
    const { kind, value: bits, start, end } = tokens.peek();
    if (kind !== "number") tokens.fail("the number of bits that count is missing");
    tokens.take();
    return { bits, start, end };
  }
  if (tokens.takeIf("keyword", "mask") === undefined) return undefined;
  const { kind, text, start, end } = tokens.peek();
  if (kind !== "ipv4") tokens.fail("a mask like 255.255.255.0 is missing");
  tokens.take();
  return { text, start, end };
}
