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
  const { expression: parsed } = parseExpression(tokens, new Nesting());
  if (tokens.peek().kind !== "end")
    tokens.fail(`"${tokens.peek().text}" does not belong here`, 'Write "and" or "or" between conditions.');
  return parsed;
}

/** An expression, and what an id right behind it would be: `port`, in `port 80 or 443`. */
interface Parsed {
  readonly expression: Expression;
  readonly qualifiers: Qualifiers | undefined;
}

/**
 * `and` and `or` bind alike, from left to right, as in tcpdump.
 *
 * @param before what an id here would be: behind a bracket, that holds again
 */
function parseExpression(tokens: Tokens, nesting: Nesting, before?: Qualifiers): Parsed {
  let { expression, qualifiers } = parseTerm(tokens, nesting, before);
  for (;;) {
    const kind = tokens.isNext("keyword", "and") ? "and" : "or";
    if (tokens.takeIf("keyword", kind) === undefined) return { expression, qualifiers };
    const right = isId(tokens) ? parseMoreIds(tokens, nesting, qualifiers) : parseTerm(tokens, nesting, qualifiers);
    qualifiers = right.qualifiers;
    expression = {
      ...{ kind, left: expression, right: right.expression },
      ...{ start: expression.start, end: right.expression.end },
    };
  }
}

/** `port 80 or 443`: what was said of the last id is said of the next one. */
function parseMoreIds(tokens: Tokens, nesting: Nesting, qualifiers: Qualifiers | undefined): Parsed {
  if (qualifiers === undefined) return failUnqualified(tokens);
  return { expression: parseIds(tokens, nesting, qualifiers), qualifiers };
}

function failUnqualified(tokens: Tokens): never {
  return tokens.fail("it is not said what this is", "Write what it is: host, net, port…");
}

function parseTerm(tokens: Tokens, nesting: Nesting, before: Qualifiers | undefined): Parsed {
  using _deeper = nesting.deeper(tokens);
  const { start } = tokens.peek();
  if (tokens.takeIf("keyword", "not") !== undefined) {
    if (isBareId(tokens)) failUnqualified(tokens);
    const { expression: operand, qualifiers } = parseTerm(tokens, nesting, before);
    return { expression: { kind: "not", operand, start, end: operand.end }, qualifiers };
  }
  if (isArithmetic(tokens)) return { expression: parseRelation(tokens, nesting), qualifiers: undefined };
  if (tokens.isNext("sign", "(")) return parseBracket(tokens, nesting, before);
  if (isBareId(tokens)) failUnqualified(tokens);
  const expression = parseWord(tokens, nesting);
  return { expression, qualifiers: qualifiersOf(expression) };
}

/** What begins with a word of the language. */
function parseWord(tokens: Tokens, nesting: Nesting): Expression {
  const { kind, text, start, end } = tokens.peek();
  if (kind !== "keyword") tokens.fail("a condition is missing");
  switch (text) {
    case "less":
    case "greater": {
      tokens.take();
      const number = takeNumber(tokens);
      return { kind: text, value: number.value, start, end: number.end };
    }
    case "vlan":
    case "mpls": {
      tokens.take();
      const number = tokens.peek().kind === "number" && !isArithmetic(tokens) ? takeNumber(tokens) : undefined;
      return { kind: text, value: number?.value, start, end: number?.end ?? end };
    }
    default:
      return parsePrimitive(tokens, nesting);
  }
}

/** Ids in brackets, or behind `not`, all have the same ones. */
function qualifiersOf(expression: Expression): Qualifiers | undefined {
  switch (expression.kind) {
    case "and":
    case "or":
      return qualifiersOf(expression.right);
    case "not":
      return qualifiersOf(expression.operand);
    case "primitive":
      return expression.qualifiers;
    default:
      return undefined;
  }
}

function isBareId(tokens: Tokens): boolean {
  return !tokens.isNext("sign", "(") && !tokens.isNext("keyword", "not") && isId(tokens);
}

/** A bracket is around a calculation or around conditions: that tells only what comes behind it. */
function parseBracket(tokens: Tokens, nesting: Nesting, before: Qualifiers | undefined): Parsed {
  const { position } = tokens;
  const isCalculation = startsRelation(tokens, nesting);
  tokens.position = position;
  if (isCalculation) return { expression: parseRelation(tokens, nesting), qualifiers: undefined };
  const { start } = tokens.expect("(");
  const { expression: inside } = parseExpression(tokens, nesting, before);
  const { end } = tokens.takeIf("sign", ")") ?? tokens.fail('")" is missing');
  return { expression: { ...inside, start, end }, qualifiers: before };
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
  const isAlone = direction === undefined && type === undefined && !tokens.isNext("keyword", "in");
  if (protocol !== undefined && isAlone) return { kind: "protocol", protocol, start, end };
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
