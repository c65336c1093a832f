import type { Register } from "../code/register.ts";

const WORD = 32;

/** A set of registers as bits: liveness and interference are computed with many of them. */
export class RegisterSet {
  /** This set's words, and those of other sets before and behind them. */
  readonly #words: Uint32Array;
  readonly #start: number;
  readonly #end: number;

  private constructor(words: Uint32Array, start: number, size: number) {
    this.#words = words;
    this.#start = start;
    this.#end = start + size;
  }

  /** Makes empty sets for registers below `limit`, up to `most` of them, in one piece of memory: a piece for each takes long. */
  static maker(limit: number, most: number): () => RegisterSet {
    const size = Math.ceil(limit / WORD);
    const words = new Uint32Array(most * size);
    let start = -size;
    return () => {
      start += size;
      return new RegisterSet(words, start, size);
    };
  }

  has(register: Register): boolean {
    return (((this.#words[this.#start + (register >>> 5)] ?? 0) >>> (register & 31)) & 1) !== 0;
  }

  add(register: Register): void {
    const word = this.#start + (register >>> 5);
    this.#words[word] = (this.#words[word] ?? 0) | (1 << (register & 31));
  }

  /** In ascending order. */
  forEach(visit: (register: Register) => void): void {
    for (let word = this.#start; word < this.#end; word++) {
      for (let bits = this.#words[word] ?? 0; bits !== 0; bits &= bits - 1) {
        visit((word - this.#start) * WORD + WORD - 1 - Math.clz32(bits & -bits));
      }
    }
  }
}
