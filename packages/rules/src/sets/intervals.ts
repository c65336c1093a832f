import { wordMask } from "./ipv6-prefix.ts";

/** Numbers of 32 bits of an interval: first and last address, each in two words of 64 bits, whose lower half comes first. */
export const INTERVAL_HALVES = 8;
/** Where the four words of an address lie in one half of an interval. */
const PLACES = [1, 0, 3, 2] as const;

/** Intervals of a group, in order, which have nothing in common. */
export class Intervals {
  #halves = new Uint32Array(INTERVAL_HALVES * 4);
  count = 0;

  /** Of all, behind each other. */
  get halves(): Uint32Array<ArrayBuffer> {
    return this.#halves.subarray(0, this.count * INTERVAL_HALVES);
  }

  clear(): void {
    this.count = 0;
  }

  /** Adds a prefix that is not before those that are there; nothing, when the last one contains it. */
  add(words: ArrayLike<number>, length: number): void {
    if (this.count > 0 && compare(words, this.#halves, (this.count - 1) * INTERVAL_HALVES + 4) <= 0) return;
    if (this.halves.length === this.#halves.length) {
      const larger = new Uint32Array(this.#halves.length * 2);
      larger.set(this.#halves);
      this.#halves = larger;
    }
    const at = this.count * INTERVAL_HALVES;
    for (const [word, place] of PLACES.entries()) {
      const value = words[word] ?? 0;
      this.#halves[at + place] = value;
      this.#halves[at + 4 + place] = value | ~wordMask(length, word);
    }
    this.count += 1;
  }
}

/** Whether an address is before, at or behind another one, which lies as in an interval. */
export function compare(words: ArrayLike<number>, halves: Uint32Array, at: number): number {
  for (const [word, place] of PLACES.entries()) {
    const difference = (words[word] ?? 0) - (halves[at + place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
