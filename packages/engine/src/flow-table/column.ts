import { bigintOf } from "./bigint-cache.ts";

/** So many halves of numbers have a sum that a double holds exactly. */
const EXACTLY_ADDED = 2 ** 20;

/**
 * Numbers of 64 bits, one for each row, kept as pairs of words: arithmetic on bigints allocates one for each step, and a
 * table of 100,000 rows would spend most of its time collecting them.
 */
export class Column {
  #words: Uint32Array<ArrayBuffer>;

  constructor(rows: number) {
    this.#words = new Uint32Array(rows * 2);
  }

  /** Sets all rows to 0. */
  reset(): void {
    this.#words.fill(0);
  }

  /** Makes room for so many rows. */
  grow(rows: number): void {
    const words = new Uint32Array(rows * 2);
    words.set(this.#words);
    this.#words = words;
  }

  /** Sets a row to 0: what is left of an earlier use is in it. */
  clear(row: number): void {
    this.#words[row * 2] = 0;
    this.#words[row * 2 + 1] = 0;
  }

  /** Sets a row to the number at `at` in `source`. */
  put(row: number, source: Uint32Array, at: number): void {
    const words = this.#words;
    words[row * 2] = source[at] ?? 0;
    words[row * 2 + 1] = source[at + 1] ?? 0;
  }

  /** Sets a row to a whole number below 2^64: to the nearest one that a double has. */
  set(row: number, value: number): void {
    this.#words[row * 2] = value % 2 ** 32;
    this.#words[row * 2 + 1] = value / 2 ** 32;
  }

  /** Adds what a row has to another one, and sets it to 0. */
  move(row: number, other: number): void {
    const words = this.#words;
    const low = this.low(other) + this.low(row);
    words[other * 2] = low;
    words[other * 2 + 1] = this.high(other) + this.high(row) + (low > 0xffff_ffff ? 1 : 0);
    this.clear(row);
  }

  /** Sets a row to what another one has when that is greater. */
  raise(row: number, other: number): void {
    if (this.isBelow(row, this.high(other), this.low(other))) this.put(row, this.#words, other * 2);
  }

  /** Two for each row, the lower one first. They are others when it has grown. */
  get words(): Uint32Array {
    return this.#words;
  }

  bigint(row: number): bigint {
    return bigintOf(this.high(row), this.low(row));
  }

  /** The nearest double: exact below 2^53. For what is only compared or divided. */
  number(row: number): number {
    return this.high(row) * 2 ** 32 + this.low(row);
  }

  low(row: number): number {
    return this.#words[row * 2] ?? 0;
  }

  high(row: number): number {
    return this.#words[row * 2 + 1] ?? 0;
  }

  isBelow(row: number, high: number, low: number): boolean {
    return this.high(row) < high || (this.high(row) === high && this.low(row) < low);
  }

  /** The sum of the first `count` numbers. */
  sum(count: number): bigint {
    const words = this.#words;
    let sum = 0n;
    for (let first = 0; first < count; first += EXACTLY_ADDED) {
      const end = Math.min(count, first + EXACTLY_ADDED) * 2;
      let low = 0;
      let high = 0;
      for (let at = first * 2; at < end; at += 2) {
        low += words[at] ?? 0;
        high += words[at + 1] ?? 0;
      }
      sum += (BigInt(high) << 32n) + BigInt(low);
    }
    return sum;
  }
}
