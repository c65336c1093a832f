import { FilterError, type Span } from "../filter-error.ts";
import { whyLeftOut } from "./keywords.ts";
import type { Token } from "./token.ts";
import { tokenize } from "./tokenize.ts";

const SETS = "Write src in @NAME, host in @NAME, port in @NAME, ether src in @NAME…";

/** The tokens of an expression, and how far they are read. */
export class Tokens {
  readonly expression: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  /** @throws {FilterError} */
  constructor(expression: string) {
    this.expression = expression;
    this.#tokens = tokenize(expression);
  }

  /** The next token, or one behind it; at the end always the end. */
  peek(ahead = 0): Token {
    const token = this.#tokens[this.#at + ahead] ?? this.#tokens.at(-1);
    if (token === undefined) throw new Error("tokens without an end");
    return token;
  }

  /** The next token, which is read with that. */
  take(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.#at += 1;
    return token;
  }

  /** Reads the next token if it is this word of the language, or this sign. */
  takeIf(kind: "keyword" | "sign", text: string): Token | undefined {
    return this.isNext(kind, text) ? this.take() : undefined;
  }

  isNext(kind: "keyword" | "sign", text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === kind && token.text === text;
  }

  /** @throws {FilterError} unless the next token is this sign */
  expect(sign: string): Token {
    return this.takeIf("sign", sign) ?? this.fail(`"${sign}" is missing`);
  }

  /** How far it is read, to go back to. */
  get position(): number {
    return this.#at;
  }

  set position(position: number) {
    this.#at = position;
  }

  /** @throws {FilterError} at the next token; for a word that weir leaves out, with the reason */
  fail(what: string, advice?: string): never {
    const token = this.peek();
    const why = token.kind === "keyword" ? whyLeftOut(token.text) : undefined;
    if (why !== undefined) throw this.error(token, `weir does not have "${token.text}": ${why}`);
    if (token.kind === "set") throw this.error(token, `@${token.text} is a set, and stands behind "in"`, SETS);
    if (token.kind === "keyword" && token.text === "in") {
      throw this.error(token, '"in" stands behind what can be in a set', SETS);
    }
    const here = token.kind === "end" ? `${what}, where the expression ends` : what;
    throw this.error(token, here, advice);
  }

  error(span: Span, what: string, advice?: string): FilterError {
    return new FilterError(this.expression, span, what, advice);
  }
}
