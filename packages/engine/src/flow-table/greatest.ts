import { descending } from "./descending.ts";

/** Where fewer than one in so many are wanted, most are left out at once; else all are sorted. */
const FEW = 16;
/** Below each weight. */
const NOTHING = -1;

/** The greatest of many weights, and what has them, as numbers. */
export class Greatest {
  readonly #limit: number;
  /** The greatest so far, where few are wanted: none is greater than the two below it, so that the first is the least. */
  readonly #heap: Float64Array;
  /** Those that were among the greatest when they came. */
  readonly #weights: number[] = [];
  readonly #numbers: number[] = [];
  #least: number;

  /**
   * @param limit how many are wanted
   * @param count about how many there will be
   */
  constructor(limit: number, count: number) {
    const isFew = limit * FEW < count;
    this.#limit = limit;
    this.#heap = new Float64Array(isFew ? limit : 0).fill(NOTHING);
    this.#least = limit === 0 ? Number.POSITIVE_INFINITY : NOTHING;
  }

  /** What is not above it need not be added. */
  get least(): number {
    return this.#least;
  }

  /** @param weight from 0 on */
  add(weight: number, number: number): void {
    if (weight <= this.#least) return;
    this.#weights.push(weight);
    this.#numbers.push(number);
    if (this.#heap.length === 0) return;
    this.#replaceLeast(weight);
    this.#least = this.#heap[0] ?? NOTHING;
  }

  /** The numbers with the greatest weights, the greatest first, as many as are wanted; of equal weights the one that came first. */
  numbers(): number[] {
    return Array.from(descending(new Float64Array(this.#weights), this.#limit), (index) => this.#numbers[index] ?? 0);
  }

  #replaceLeast(weight: number): void {
    const heap = this.#heap;
    let place = 0;
    for (;;) {
      const left = place * 2 + 1;
      const right = left + 1;
      const lesser = right < heap.length && (heap[right] ?? 0) < (heap[left] ?? 0) ? right : left;
      const next = heap[lesser];
      if (next === undefined || next >= weight) break;
      heap[place] = next;
      place = lesser;
    }
    heap[place] = weight;
  }
}
