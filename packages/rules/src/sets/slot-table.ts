import { HEADER_FACTOR, HEADER_SLOT_PAGES, HEADER_SLOTS_AT, PAGE_WORDS, SET_PROBES } from "@weir/programs/sets";
import { upperHalf } from "./product.ts";
import type { SetMemory } from "./set-memory.ts";

/**
 * How full a table is made whose keys are looked up when they are there: a search is of two slots on average, mostly in one line of the cache, and longer than the
 * program's hardly ever.
 */
export const DENSE = 0.6;
/** How full one is made where most keys that are looked up are not there. */
export const SPARSE = 0.4;

/** Pages for so many slots in use. */
export function slotPagesFor(slots: number, load: number): number {
  return Math.ceil(slots / load / PAGE_WORDS) + 1;
}

/** How slots of a set are read: which bits are the key, and what one is like that means nothing, and may become another key's. */
export interface SlotForm {
  readonly keyHigh: number;
  readonly keyLow: number;
  readonly emptyMask: number;
  readonly emptyHigh: number;
  readonly emptyLow: number;
  /** The words of the header that say how many pages the table has, and which is the first; slots that are looked at. */
  readonly pages: number;
  readonly at: number;
  readonly probes: number;
}

/** The table that a set has for all its entries. */
export const MAIN_TABLE = { pages: HEADER_SLOT_PAGES, at: HEADER_SLOTS_AT, probes: SET_PROBES } as const;

/** The hash table of a set: words that are slots, searched as the kernel program does. */
export class SlotTable {
  readonly #memory: SetMemory;
  readonly #form: SlotForm;
  readonly #factorLow: number;
  readonly #factorHigh: number;
  readonly #pages: number;
  readonly #at: number;
  /** Where the last search would have put its key; -1 when there is no place. */
  free = -1;

  constructor(memory: SetMemory, form: SlotForm) {
    this.#memory = memory;
    this.#form = form;
    this.#factorLow = memory.halves[HEADER_FACTOR * 2] ?? 0;
    this.#factorHigh = memory.halves[HEADER_FACTOR * 2 + 1] ?? 0;
    this.#pages = memory.header(form.pages);
    this.#at = memory.header(form.at);
  }

  /** The word that is the slot of a key, whose bits in the slot are `wanted`; -1 when there is none. */
  find(keyHigh: number, keyLow: number, wantedHigh: number, wantedLow: number): number {
    const { halves } = this.#memory;
    const { keyHigh: maskHigh, keyLow: maskLow, emptyMask, emptyHigh, emptyLow, probes } = this.#form;
    const hash =
      (upperHalf(keyLow, this.#factorLow) +
        Math.imul(keyLow, this.#factorHigh) +
        Math.imul(keyHigh, this.#factorLow)) >>>
      0;
    const scaled = hash * this.#pages;
    const page = (this.#at + Math.floor(scaled / 0x1_0000_0000)) * PAGE_WORDS;
    const first = (scaled >>> 0) >>> 23;
    this.free = -1;
    for (let probe = 0; probe < probes; probe++) {
      const word = page + ((first + probe) & (PAGE_WORDS - 1));
      const low = halves[word * 2] ?? 0;
      const high = halves[word * 2 + 1] ?? 0;
      if (low === 0 && high === 0) {
        if (this.free < 0) this.free = word;
        return -1;
      }
      if ((high & maskHigh) >>> 0 === wantedHigh && (low & maskLow) >>> 0 === wantedLow) return word;
      if (this.free < 0 && low === emptyLow && (high & emptyMask) >>> 0 === emptyHigh) this.free = word;
    }
    return -1;
  }

  /** The first of its words, and the one behind the last. */
  get range(): readonly [from: number, to: number] {
    return [this.#at * PAGE_WORDS, (this.#at + this.#pages) * PAGE_WORDS];
  }
}
