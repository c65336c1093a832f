import type { Register } from "../code/register.ts";

const WORD = 32;

/** A set of registers as bits: liveness and interference are computed with many of them. */
export class RegisterSet {
  readonly #words: Uint32Array;

  /** An empty set for registers below `limit`, or a copy. */
  constructor(of: number | RegisterSet) {
    this.#words = typeof of === "number" ? new Uint32Array(Math.ceil(of / WORD)) : of.#words.slice();
  }

  has(register: Register): boolean {
    return (((this.#words[register >>> 5] ?? 0) >>> (register & 31)) & 1) !== 0;
  }

  add(register: Register): void {
    const word = register >>> 5;
    this.#words[word] = (this.#words[word] ?? 0) | (1 << (register & 31));
  }

  delete(register: Register): void {
    const word = register >>> 5;
    this.#words[word] = (this.#words[word] ?? 0) & ~(1 << (register & 31));
  }

  /** In ascending order. */
  forEach(visit: (register: Register) => void): void {
    for (let word = 0; word < this.#words.length; word++) {
      for (let bits = this.#words[word] ?? 0; bits !== 0; bits &= bits - 1) {
        visit(word * WORD + WORD - 1 - Math.clz32(bits & -bits));
      }
    }
  }

  toArray(): Register[] {
    const registers: Register[] = [];
    this.forEach((register) => {
      registers.push(register);
    });
    return registers;
  }
}
