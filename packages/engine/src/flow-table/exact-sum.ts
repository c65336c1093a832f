/** What a double holds exactly, and as much again. */
const MOST = 2 ** 52;

/** A sum of numbers of 64 bits, which are given as halves: it allocates nothing until it is asked for. */
export class ExactSum {
  #high = 0;
  #low = 0;
  #carried = 0n;

  add(high: number, low: number): void {
    this.#high += high;
    this.#low += low;
    // Of halves below 2^32, neither passes 2^53 before the next one comes.
    if (this.#low >= MOST || this.#high >= MOST) {
      this.#carried = this.value;
      this.#high = 0;
      this.#low = 0;
    }
  }

  get value(): bigint {
    return this.#carried + (BigInt(this.#high) << 32n) + BigInt(this.#low);
  }
}
