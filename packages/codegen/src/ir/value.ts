import type { Operation, ValueWidth } from "./operation.ts";
import type { SourcePosition } from "./position.ts";

/** One SSA value: an operation and its operands. Made by {@link FunctionBuilder}, changed only by passes. */
export class Value {
  readonly id: number;
  /** Bits in a register; 0 for what gives nothing (a store). */
  readonly width: ValueWidth | 0;
  operation: Operation;
  operands: Value[];
  readonly position: SourcePosition | undefined;
  /** What took this value's place; see {@link current}. */
  #replacement: Value | undefined;

  constructor(
    id: number,
    width: ValueWidth | 0,
    operation: Operation,
    operands: Value[],
    position: SourcePosition | undefined,
  ) {
    this.id = id;
    this.width = width;
    this.operation = operation;
    this.operands = operands;
    this.position = position;
  }

  /** From now on {@link current} of this value is `other`. */
  replaceWith(other: Value): void {
    this.#replacement = other;
  }

  /** Whether another value took its place. */
  get replaced(): boolean {
    return this.#replacement !== undefined;
  }

  /** This value, or what has taken its place since. */
  get current(): Value {
    // Nearly always, and asked everywhere.
    if (this.#replacement === undefined) return this;
    let last: Value = this;
    while (last.#replacement !== undefined) last = last.#replacement;
    // Shorten the chain, so that a long series of replacements stays cheap.
    for (let value: Value = this; value !== last; ) {
      const next: Value = value.#replacement ?? last;
      value.#replacement = last;
      value = next;
    }
    return last;
  }
}
