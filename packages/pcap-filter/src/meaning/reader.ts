import { FilterError, type Span } from "../filter-error.ts";
import { Headers } from "./headers.ts";
import type { Predicate } from "./predicate.ts";

/** What is known while an expression is read from left to right. */
export class Reader {
  readonly headers = new Headers();
  readonly #expression: string;

  constructor(expression: string) {
    this.#expression = expression;
  }

  /** Whether the payload is of a type. @throws {FilterError} behind MPLS, for all but IP */
  isType(type: number, span: Span): Predicate {
    const found = this.headers.isType(type);
    if (found !== undefined) return found;
    throw this.error(span, "what is behind a label of MPLS can only be IP or IPv6: nothing says what else it is");
  }

  error(span: Span, what: string, advice?: string): FilterError {
    return new FilterError(this.#expression, span, what, advice);
  }
}
