import { randomBytes } from "../random-bytes.ts";
import { Column } from "./column.ts";
import type { FlowFamily } from "./flow-family.ts";

/** A row number that stands for none. */
export const NO_ROW = -1;

/**
 * The connections of one IP version, as columns: what the sections of all CPUs have under the same key is one row.
 *
 * Columns, and not objects, because most snapshots list a few of many thousand rows: only those become objects.
 */
export class FlowRows {
  readonly family: FlowFamily;
  readonly count: number;
  /** `family.keyWords` words for each row, as they lie in the slots. */
  readonly keys: Uint32Array;
  readonly packets: Column;
  readonly bytes: Column;
  readonly drops: Column;
  /** The latest of all sections. */
  readonly lastSeen: Column;
  /** Row numbers by the hash of their key, `NO_ROW` where none is: open addressing, a power of two in size. */
  readonly #index: Int32Array;

  /** Merges slots, given as the memory of their map. Free ones have kind 0, so the word of protocol and kind is 0 too. */
  constructor(family: FlowFamily, slots: ArrayBuffer) {
    const words = new Uint32Array(slots);
    const { keyStart, keyWords, protocol } = family;
    const stride = family.size / 4;
    const used = countUsed(words, stride, keyStart + protocol);
    this.family = family;
    this.keys = new Uint32Array(used * keyWords);
    this.packets = new Column(used);
    this.bytes = new Column(used);
    this.drops = new Column(used);
    this.lastSeen = new Column(used);
    this.#index = new Int32Array(indexSize(used)).fill(NO_ROW);

    let count = 0;
    for (let slot = 0; slot + stride <= words.length; slot += stride) {
      if (words[slot + keyStart + protocol] === 0) continue;
      const place = this.#place(words, slot + keyStart);
      let row = this.#index[place] ?? NO_ROW;
      if (row === NO_ROW) {
        row = count++;
        this.#index[place] = row;
        for (let word = 0; word < keyWords; word++) {
          this.keys[row * keyWords + word] = words[slot + keyStart + word] ?? 0;
        }
      }
      this.packets.add(row, words, slot + family.packets);
      this.bytes.add(row, words, slot + family.bytes);
      this.drops.add(row, words, slot + family.drops);
      this.lastSeen.raise(row, words, slot + family.lastSeen);
    }
    this.count = count;
  }

  /** The row of the same family in here that has the key of row `row` of `other`. */
  find(other: FlowRows, row: number): number {
    return this.#index[this.#place(other.keys, row * this.family.keyWords)] ?? NO_ROW;
  }

  /** Where in the index the row with a key is, or would be. */
  #place(words: Uint32Array, key: number): number {
    const mask = this.#index.length - 1;
    for (let place = hash(words, key, this.family.keyWords) & mask; ; place = (place + 1) & mask) {
      const row = this.#index[place] ?? NO_ROW;
      if (row === NO_ROW || this.#hasKey(row, words, key)) return place;
    }
  }

  #hasKey(row: number, words: Uint32Array, key: number): boolean {
    const { keyWords } = this.family;
    const own = row * keyWords;
    for (let word = 0; word < keyWords; word++) {
      if (this.keys[own + word] !== words[key + word]) return false;
    }
    return true;
  }
}

function countUsed(words: Uint32Array, stride: number, protocol: number): number {
  let used = 0;
  for (let at = protocol; at < words.length; at += stride) {
    if (words[at] !== 0) used++;
  }
  return used;
}

/** Random, so that nobody outside can choose addresses whose rows collide in the index. */
const SEED = randomBytes(4).readUInt32LE();

/** At most half full, so that a look-up ends soon. */
function indexSize(rows: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(rows, 1) * 2));
}

function hash(words: Uint32Array, start: number, length: number): number {
  let value = SEED;
  for (let word = 0; word < length; word++) {
    value = Math.imul(value ^ (words[start + word] ?? 0), 0x9e37_79b1);
    value ^= value >>> 15;
  }
  return value >>> 0;
}
