import { UNIT_WORDS } from "@weir/programs/sets";
import { OWN_UNIT_END, OWN_UNIT_NEXT, OWN_UNITS_FREE, OWN_WAITING, OWN_WAITING_AT } from "./set-format.ts";
import type { SetMemory } from "./set-memory.ts";

/** How many pieces may wait for the programs that may be reading them: each is two numbers. */
export const WAITING_ROOM = 512;
const UNIT_HALVES = UNIT_WORDS * 2;

/** The exponent of 2 of the smallest piece that has so many units. */
export function unitClass(units: number): number {
  return units <= 1 ? 0 : 32 - Math.clz32(units - 1);
}

/**
 * Gives out pieces of the set's memory, of 2^N units. What is given back may still be read by a program that has just looked it up, so it waits until all
 * programs that had begun have ended (`settle`).
 */
export class Units {
  readonly #memory: SetMemory;
  readonly #settle: () => void;

  constructor(memory: SetMemory, settle: () => void) {
    this.#memory = memory;
    this.#settle = settle;
  }

  /** The first unit of a piece, whose contents are what they were; 0 when there is none left. */
  take(size: number): number {
    const taken = this.#takeFree(size) || this.#takeNew(size);
    if (taken !== 0 || this.#memory.own(OWN_WAITING) === 0) return taken;
    this.#release();
    return this.#takeFree(size);
  }

  giveBack(unit: number, size: number): void {
    const { halves } = this.#memory;
    if (this.#memory.own(OWN_WAITING) === WAITING_ROOM) this.#release();
    const waiting = this.#memory.own(OWN_WAITING);
    const at = this.#memory.own(OWN_WAITING_AT) + waiting * 2;
    halves[at] = unit;
    halves[at + 1] = size;
    this.#memory.setOwn(OWN_WAITING, waiting + 1);
  }

  /**
   * Pieces that wait become free: the link to the next one of their size lies in them. None waits any more before it is free, or one that a killed
   * process had freed would be given out twice; that it may be lost is the lesser evil.
   */
  #release(): void {
    const { halves } = this.#memory;
    this.#settle();
    for (let left = this.#memory.own(OWN_WAITING) - 1; left >= 0; left--) {
      const at = this.#memory.own(OWN_WAITING_AT) + left * 2;
      this.#memory.setOwn(OWN_WAITING, left);
      this.#free(halves[at] ?? 0, halves[at + 1] ?? 0);
    }
  }

  #free(unit: number, size: number): void {
    const head = OWN_UNITS_FREE + size;
    this.#memory.halves[unit * UNIT_HALVES] = this.#memory.own(head);
    this.#memory.setOwn(head, unit);
  }

  #takeFree(size: number): number {
    const head = OWN_UNITS_FREE + size;
    const unit = this.#memory.own(head);
    if (unit !== 0) this.#memory.setOwn(head, this.#memory.halves[unit * UNIT_HALVES] ?? 0);
    return unit;
  }

  #takeNew(size: number): number {
    // A block of states is one line of the cache: pieces of two units begin with an even one.
    const next = this.#memory.own(OWN_UNIT_NEXT);
    const unit = size === 0 ? next : next + (next & 1);
    if (unit + 2 ** size > this.#memory.own(OWN_UNIT_END)) return 0;
    this.#memory.setOwn(OWN_UNIT_NEXT, unit + 2 ** size);
    if (unit !== next) this.#free(next, 0);
    return unit;
  }
}
