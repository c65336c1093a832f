import { FilterError } from "../filter-error.ts";
import type { Direction, Expression, IdType, Qualifiers, Relation } from "./expression.ts";
import { RELATIONS } from "./expression.ts";
import { type Protocol, protocolNamed } from "./keywords.ts";
import { Nesting } from "./nesting.ts";
import { isArithmetic, parseArithmetic } from "./parse-arithmetic.ts";
import { isId, parseIds } from "./parse-id.ts";
import { Tokens } from "./tokens.ts";

const ID_TYPES = ["host", "net", "port", "portrange", "proto", "protochain"] as const;
/** Reads an expression. @throws {FilterError} */
export function parse(expression: string): Expression {
  const tokens = new Tokens(expression);
  const { kind, start, end } = tokens.peek();
  if (kind === "end") return { kind: "empty", start, end };
  const parsed = parseExpression(tokens, new Nesting());
  if (tokens.peek().kind !== "end")
    tokens.fail(`"${tokens.peek().text}" does not belong here`, 'Write "and" or "or" between conditions.');
  return parsed;
}

/** `and` and `or` bind alike, from left to right, as in tcpdump. */
function parseExpression(tokens: Tokens, nesting: Nesting): Expression {
  using _deeper = nesting.deeper(tokens);
  let left = parseTerm(tokens, nesting);
  for (;;) {
    const kind = tokens.isNext("keyword", "and") ? "and" : "or";
    if (tokens.takeIf("keyword", kind) === undefined) return left;
    const right = isId(tokens) ? parseMoreIds(tokens, nesting, left) : parseTerm(tokens, nesting);
    left = { kind, left, right, start: left.start, end: right.end };
  }
}

/** `port 80 or 443`: what was said of the last id is said of the next one. */
function parseMoreIds(tokens: Tokens, nesting: Nesting, left: Expression): Expression {
  const qualifiers = lastQualifiers(left);
  if (qualifiers !== undefined) return parseIds(tokens, nesting, qualifiers);
  return tokens.fail("it is not said what this is", "Write what it is: host, net, port…");
}

function lastQualifiers(expression: Expression): Qualifiers | undefined {
  switch (expression.kind) {
    case "and":
    case "or":
      return lastQualifiers(expression.right);
    case "not":
      return lastQualifiers(expression.operand);
    case "primitive":
      return expression.qualifiers;
    default:
      return undefined;
  }
}

function parseTerm(tokens: Tokens, nesting: Nesting): Expression {
  using _deeper = nesting.deeper(tokens);
  const { start } = tokens.peek();
  if (tokens.isNext("keyword", "not")) {
    tokens.take();
    const operand = isBareId(tokens)
      ? tokens.fail("it is not said what this is", "Write what it is: host, net, port…")
      : parseTerm(tokens, nesting);
    return { kind: "not", operand, start, end: operand.end };
  }
  if (isArithmetic(tokens)) return parseRelation(tokens, nesting);
  if (tokens.isNext("sign", "(")) return parseBracket(tokens, nesting);
  const word = tokens.peek();
  if (word.kind !== "keyword") {
    if (isBareId(tokens)) tokens.fail("it is not said what this is", "Write what it is: host, net, port…");
    tokens.fail("a condition is missing");
  }
  switch (word.text) {
    case "less":
    case "greater": {
      tokens.take();
      const { value, end } = takeNumber(tokens);
      return { kind: word.text, value, start, end };
    }
    case "vlan":
    case "mpls": {
      tokens.take();
      const number = tokens.peek().kind === "number" && !isArithmetic(tokens) ? takeNumber(tokens) : undefined;
      return { kind: word.text, value: number?.value, start, end: number?.end ?? word.end };
    }
    default:
      return parsePrimitive(tokens, nesting);
  }
}

function isBareId(tokens: Tokens): boolean {
  return !tokens.isNext("sign", "(") && !tokens.isNext("keyword", "not") && isId(tokens);
}

/** A bracket is around a calculation or around conditions: that tells only what comes behind it. */
function parseBracket(tokens: Tokens, nesting: Nesting): Expression {
  const before = tokens.position;
  const isCalculation = startsRelation(tokens, nesting);
  tokens.position = before;
  if (isCalculation) return parseRelation(tokens, nesting);
  const { start } = tokens.expect("(");
  const inside = parseExpression(tokens, nesting);
  const { end } = tokens.takeIf("sign", ")") ?? tokens.fail('")" is missing');
  return { ...inside, start, end };
}

function startsRelation(tokens: Tokens, nesting: Nesting): boolean {
  try {
    parseArithmetic(tokens, nesting);
    return tokens.peek().kind === "sign" && isRelation(tokens.peek().text);
  } catch (error) {
    if (error instanceof FilterError) return false;
    throw error;
  }
}

function parseRelation(tokens: Tokens, nesting: Nesting): Expression {
  const left = parseArithmetic(tokens, nesting);
  const relation = tokens.peek().text;
  if (tokens.peek().kind !== "sign" || !isRelation(relation)) {
    tokens.fail("a comparison is missing", "Compare it with a number: tcp[13] & 2 != 0.");
  }
  tokens.take();
  const right = parseArithmetic(tokens, nesting);
  return { kind: "relation", relation, left, right, start: left.start, end: right.end };
}

function isRelation(text: string): text is Relation {
  return RELATIONS.some((relation) => relation === text);
}

function takeNumber(tokens: Tokens): { readonly value: number; readonly end: number } {
  if (tokens.peek().kind !== "number") tokens.fail("a number is missing");
  return tokens.take();
}

function parsePrimitive(tokens: Tokens, nesting: Nesting): Expression {
  const { start, end } = tokens.peek();
  const protocol = takeProtocol(tokens);
  const spread = tokens.isNext("keyword", "broadcast") ? "broadcast" : "multicast";
  const said = tokens.takeIf("keyword", spread);
  if (said !== undefined) return { kind: spread, protocol, start, end: said.end };
  const direction = takeDirection(tokens);
  const type = takeIdType(tokens);
  if (protocol === undefined && direction === undefined && type === undefined) tokens.fail("a condition is missing");
  if (protocol !== undefined && direction === undefined && type === undefined)
    return { kind: "protocol", protocol, start, end };
  return parseIds(tokens, nesting, { protocol, direction, type });
}

function takeProtocol(tokens: Tokens): Protocol | undefined {
  const { kind, text } = tokens.peek();
  const protocol = kind === "keyword" ? protocolNamed(text) : undefined;
  if (protocol !== undefined) tokens.take();
  return protocol;
}

/** `src`, `dst`, or both with `and` or `or` between them. */
function takeDirection(tokens: Tokens): Direction | undefined {
  const first = takeEnd(tokens);
  if (first === undefined) return undefined;
  const other = first === "src" ? "dst" : "src";
  const between = tokens.isNext("keyword", "and") ? "and" : "or";
  if (!tokens.isNext("keyword", between) || !tokens.isNext("keyword", other, 1)) return first;
  tokens.take();
  tokens.take();
  return `src ${between} dst`;
}

function takeEnd(tokens: Tokens): "src" | "dst" | undefined {
  if (tokens.takeIf("keyword", "src") !== undefined) return "src";
  return tokens.takeIf("keyword", "dst") === undefined ? undefined : "dst";
}

function takeIdType(tokens: Tokens): IdType | undefined {
  const { kind, text } = tokens.peek();
  const type = kind === "keyword" ? ID_TYPES.find((name) => name === text) : undefined;
  if (type !== undefined) tokens.take();
  return type;
}
