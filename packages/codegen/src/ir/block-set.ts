/** A block of values or of code: it has a number of its own in its function. */
export interface Numbered {
  readonly id: number;
}

/** As many blocks as most functions have. */
const USUAL = 1024;

/** A set of blocks of one function, by their numbers: passes make many of them, and one of objects takes several times as long. */
export class BlockSet {
  /** The time of each block that is in the set; other times are of before it was cleared. */
  #times = new Uint32Array(USUAL);
  #time = 1;

  has({ id }: Numbered): boolean {
    return this.#times[id] === this.#time;
  }

  /** @returns whether it was not in the set before */
  add({ id }: Numbered): boolean {
    if (this.#times[id] === this.#time) return false;
    if (id >= this.#times.length) {
      const times = new Uint32Array(2 * id);
      times.set(this.#times);
      this.#times = times;
    }
    this.#times[id] = this.#time;
    return true;
  }

  clear(): void {
    this.#time++;
  }
}
