import type { Span } from "../filter-error.ts";

/**
 * A word or sign of an expression:
 *
 * - `keyword`: a word of the language;
 * - `number`, with its value;
 * - `ipv4`: two to four numbers with dots between them, `ipv6`, `mac`;
 * - `name`: any other word, also a keyword behind a backslash;
 * - `set`: the name of a set, behind an @ that its text is without;
 * - `sign`: an operator or bracket, by one spelling: `&&`, `||` and `==` are the keywords `and`, `or` and the sign `=`;
 * - `end`: of the expression.
 */
export interface Token extends Span {
  readonly kind: "keyword" | "number" | "ipv4" | "ipv6" | "mac" | "name" | "set" | "sign" | "end";
  /** A name without its backslash. */
  readonly text: string;
  /** Of a number. */
  readonly value: number;
}
