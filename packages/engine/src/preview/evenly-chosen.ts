import type { Frame } from "../captures/frame.ts";

/**
 * At most so many frames of any number, chosen so that each has the same chance (algorithm R, Vitter 1985): those at the end as those at
 * the beginning.
 */
export class EvenlyChosen {
  readonly #most: number;
  readonly #frames: { readonly number: number; readonly frame: Frame }[] = [];
  #seen = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Copies what it keeps. */
  add(frame: Frame): void {
    const number = this.#seen++;
    const place = number < this.#most ? number : Math.floor(Math.random() * this.#seen);
    if (place < this.#most) this.#frames[place] = { number, frame: { ...frame, bytes: frame.bytes.slice() } };
  }

  /** In the order in which they came. */
  get frames(): readonly Frame[] {
    return this.#frames.toSorted((one, other) => one.number - other.number).map(({ frame }) => frame);
  }
}
