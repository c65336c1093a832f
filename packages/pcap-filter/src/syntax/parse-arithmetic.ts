import type { Arithmetic, ArithmeticOperator } from "./expression.ts";
import { protocolNamed } from "./keywords.ts";
import type { Nesting } from "./nesting.ts";
import type { Tokens } from "./tokens.ts";

/**
 * How tightly operators bind. `%` and `^` are in no group of libpcap's grammar: they take the operand before them, and all that follows.
 */
const LEVELS: readonly (readonly string[])[] = [["|"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/"]];
const GREEDY: readonly string[] = ["%", "^"];
/** Signs by which a number is known to be part of a calculation. */
const CONTINUES: ReadonlySet<string> = new Set([...LEVELS.flat(), ...GREEDY, ">", ">=", "=", "<=", "<", "!="]);

/** Whether the next token begins a calculation, and not an expression or an id. */
export function isArithmetic(tokens: Tokens): boolean {
  const token = tokens.peek();
  if (token.kind === "number") return tokens.peek(1).kind === "sign" && CONTINUES.has(tokens.peek(1).text);
  if (token.kind === "sign") return token.text === "-";
  if (token.kind !== "keyword") return false;
  return token.text === "len" || (protocolNamed(token.text) !== undefined && tokens.isNext("sign", "[", 1));
}

/** Reads a calculation: `tcp[tcpflags] & (tcp-syn | tcp-ack)`. @throws {FilterError} */
export function parseArithmetic(tokens: Tokens, nesting: Nesting, level = 0): Arithmetic {
  const operators = LEVELS[level];
  if (operators === undefined) return parseOperand(tokens, nesting);
  let left = parseArithmetic(tokens, nesting, level + 1);
  for (;;) {
    const operator = takeOperator(tokens, operators);
    if (operator === undefined) return left;
    left = binary(operator, left, parseArithmetic(tokens, nesting, level + 1));
  }
}

function parseOperand(tokens: Tokens, nesting: Nesting): Arithmetic {
  using _deeper = nesting.deeper(tokens);
  const operand = parsePlain(tokens, nesting);
  const operator = takeOperator(tokens, GREEDY);
  return operator === undefined ? operand : binary(operator, operand, parseArithmetic(tokens, nesting));
}

function parsePlain(tokens: Tokens, nesting: Nesting): Arithmetic {
  const token = tokens.peek();
  const { start, end } = token;
  if (token.kind === "number") return { kind: "number", value: tokens.take().value, start, end };
  if (tokens.takeIf("sign", "-") !== undefined) {
    const operand = parseOperand(tokens, nesting);
    return { kind: "negate", operand, start, end: operand.end };
  }
  if (tokens.takeIf("sign", "(") !== undefined) {
    const inside = parseArithmetic(tokens, nesting);
    tokens.expect(")");
    return inside;
  }
  if (tokens.takeIf("keyword", "len") !== undefined) return { kind: "length", start, end };
  const protocol = token.kind === "keyword" ? protocolNamed(token.text) : undefined;
  if (protocol === undefined || !tokens.isNext("sign", "[", 1)) tokens.fail("a number is missing");
  tokens.take();
  tokens.expect("[");
  const index = parseArithmetic(tokens, nesting);
  const size = tokens.takeIf("sign", ":") === undefined ? 1 : parseSize(tokens);
  const { end: last } = tokens.expect("]");
  return { kind: "read", protocol, index, size, start, end: last };
}

function parseSize(tokens: Tokens): number {
  const { kind, value } = tokens.peek();
  if (kind !== "number" || ![1, 2, 4].includes(value)) tokens.fail("the size of what is read must be 1, 2 or 4 bytes");
  return tokens.take().value;
}

function takeOperator(tokens: Tokens, operators: readonly string[]): ArithmeticOperator | undefined {
  const { kind, text } = tokens.peek();
  if (kind !== "sign" || !operators.includes(text)) return undefined;
  tokens.take();
  // All signs in the tables above are operators.
  return text as ArithmeticOperator;
}

function binary(operator: ArithmeticOperator, left: Arithmetic, right: Arithmetic): Arithmetic {
  return { kind: "binary", operator, left, right, start: left.start, end: right.end };
}
