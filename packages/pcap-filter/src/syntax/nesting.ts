import type { Tokens } from "./tokens.ts";

const DEEPEST = 200;

/** How deep an expression is nested: one that somebody made to exhaust the stack is an error with a place. */
export class Nesting {
  #depth = 0;

  /** One level deeper, until it is disposed of. @throws {FilterError} */
  deeper(tokens: Tokens): Disposable {
    // What is innermost, and what it is compared with or asked of, are no levels themselves.
    if (this.#depth > DEEPEST + 1) tokens.fail(`the expression is nested more than ${DEEPEST} deep`);
    this.#depth += 1;
    return {
      [Symbol.dispose]: () => {
        this.#depth -= 1;
      },
    };
  }
}
