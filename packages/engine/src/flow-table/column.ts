import { bigintOf } from "./bigint-cache.ts";

/**
 * Numbers of 64 bits, one for each row, kept as pairs of words: arithmetic on bigints allocates one for each step, and a
 * table of 100,000 rows would spend most of its time collecting them.
 */
export class Column {
  #words: Uint32Array<ArrayBuffer>;

  constructor(rows: number) {
    this.#words = new Uint32Array(rows * 2);
  }

  /** Makes room for so many rows. */
  grow(rows: number): void {
    const words = new Uint32Array(rows * 2);
    words.set(this.#words);
    this.#words = words;
  }

  /** Begins a row with 0: what is left of an earlier use is in it. */
  clear(row: number): void {
    this.#words[row * 2] = 0;
    this.#words[row * 2 + 1] = 0;
  }

  /** Adds the number at `at` in `source`. */
  add(row: number, source: Uint32Array, at: number): void {
    const words = this.#words;
    const low = (words[row * 2] ?? 0) + (source[at] ?? 0);
    words[row * 2] = low;
    words[row * 2 + 1] = (words[row * 2 + 1] ?? 0) + (source[at + 1] ?? 0) + (low > 0xffff_ffff ? 1 : 0);
  }

  /** Takes the number at `at` in `source` when it is greater. */
  raise(row: number, source: Uint32Array, at: number): void {
    const words = this.#words;
    const low = source[at] ?? 0;
    const high = source[at + 1] ?? 0;
    const present = words[row * 2 + 1] ?? 0;
    if (high < present || (high === present && low <= (words[row * 2] ?? 0))) return;
    words[row * 2] = low;
    words[row * 2 + 1] = high;
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

  /** The sum of the first `count` numbers. Its halves, as doubles, stay exact for two million of them. */
  sum(count: number): bigint {
    const words = this.#words;
    let low = 0;
    let high = 0;
    for (let at = 0; at < count * 2; at += 2) {
      low += words[at] ?? 0;
      high += words[at + 1] ?? 0;
    }
    return (BigInt(high) << 32n) + BigInt(low);
  }
}
