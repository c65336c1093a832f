import { keyHash } from "./key-hash.ts";

/** A row number that stands for none. */
export const NO_ROW = -1;

/** Finds rows by their keys. */
export class KeyIndex {
  readonly #keys: Uint32Array;
  readonly #keyWords: number;
  /** Row numbers by the hash of their key, `NO_ROW` where none is: open addressing, a power of two in size. */
  readonly #rows: Int32Array;

  /**
   * @param keys     of all rows, so many words each
   * @param expected how many rows are added at most
   */
  constructor(keys: Uint32Array, keyWords: number, expected: number) {
    this.#keys = keys;
    this.#keyWords = keyWords;
    // Mostly empty: so most that are looked for and are not there are not there at once.
    this.#rows = new Int32Array(2 ** Math.ceil(Math.log2(expected * 4 + 1))).fill(NO_ROW);
  }

  /** Adds a row, unless one with its key is there; gives the one that is there then. */
  add(row: number): number {
    const place = this.#place(this.#keys, row * this.#keyWords);
    const known = this.#rows[place] ?? NO_ROW;
    if (known === NO_ROW) this.#rows[place] = row;
    return known === NO_ROW ? row : known;
  }

  /** The row with the key that begins at `at` in `words`. */
  find(words: Uint32Array, at: number): number {
    return this.#rows[this.#place(words, at)] ?? NO_ROW;
  }

  /** Where the row with a key is, or would be. */
  #place(words: Uint32Array, at: number): number {
    const mask = this.#rows.length - 1;
    for (let place = keyHash(words, at, this.#keyWords) & mask; ; place = (place + 1) & mask) {
      const row = this.#rows[place] ?? NO_ROW;
      if (row === NO_ROW || isSameKey(this.#keys, row * this.#keyWords, words, at, this.#keyWords)) return place;
    }
  }
}

export function isSameKey(a: Uint32Array, atA: number, b: Uint32Array, atB: number, length: number): boolean {
  for (let word = 0; word < length; word++) if (a[atA + word] !== b[atB + word]) return false;
  return true;
}
