import { randomBytes } from "../random-bytes.ts";
import { Column } from "./column.ts";
import type { FlowFamily } from "./flow-family.ts";
import { SAMPLE_WORDS, SampleColumns } from "./sample-columns.ts";

/** A row number that stands for none. */
export const NO_ROW = -1;

/** Bytes that are copied at once: little enough to stay in the processor's cache. */
const PIECE = 64 * 1024;
const FEWEST_ROWS = 256;
/** For more rows than were expected: making room for one takes a copy of all. */
const SPARE = 1.125;

/**
 * The connections of one IP version, as columns: what the sections of all CPUs have under the same key is one row.
 *
 * Columns, and not objects, because most snapshots list a few of many thousand rows: only those become objects.
 */
export class FlowRows {
  readonly family: FlowFamily;
  readonly packets = new Column(0);
  readonly bytes = new Column(0);
  readonly drops = new Column(0);
  /** The latest of all sections. */
  readonly lastSeen = new Column(0);
  /** Where packets are sampled: what is known of the estimates that packets and bytes then are. */
  readonly samples: SampleColumns | undefined;
  readonly #columns: readonly (Column | SampleColumns)[];
  #count = 0;
  #room = 0;
  #keys = new Uint32Array(0);
  /** Row numbers by the hash of their key, `NO_ROW` where none is: open addressing, a power of two in size. */
  #index = new Int32Array(0);

  /** The rows of slots, see `refill`. */
  constructor(family: FlowFamily, slots: ArrayBuffer, expected = 0, samples?: ArrayBuffer) {
    this.family = family;
    this.samples = samples && new SampleColumns();
    const columns = [this.packets, this.bytes, this.drops, this.lastSeen];
    this.#columns = this.samples ? [...columns, this.samples] : columns;
    this.refill(slots, expected, samples);
  }

  /**
   * Forgets the rows, keeps their memory, and adds slots, given as the memory of their map, which programs may be writing to: what
   * is read is read once, into a copy. Free ones have kind 0, so the word of protocol and kind is 0 too.
   *
   * @param expected about how many rows there will be
   * @param samples the memory of the map beside, where packets are sampled
   */
  refill(slots: ArrayBuffer, expected: number, samples?: ArrayBuffer): void {
    const room = Math.max(Math.ceil(expected * SPARE), FEWEST_ROWS);
    this.#count = 0;
    if (room > this.#room) this.#grow(room);
    else this.#index.fill(NO_ROW);
    this.add(slots, samples);
  }

  /**
   * Adds slots to the rows that there are. Without samples beside them, where others have some, they are exact: each packet was
   * looked at.
   */
  add(slots: ArrayBuffer, samples?: ArrayBuffer): void {
    const { family } = this;
    const memory = new Uint32Array(slots);
    const beside = new Uint32Array(samples ?? new ArrayBuffer(0));
    const slotsOfPiece = Math.floor(PIECE / family.size);
    const piece = new Uint32Array(slotsOfPiece * (family.size / 4));
    const sampled = new Uint32Array(samples ? slotsOfPiece * SAMPLE_WORDS : 0);
    for (let first = 0; first * (family.size / 4) < memory.length; first += slotsOfPiece) {
      const part = memory.subarray(first * (family.size / 4)).subarray(0, piece.length);
      piece.set(part);
      sampled.set(beside.subarray(first * SAMPLE_WORDS).subarray(0, sampled.length));
      this.#merge(piece, part.length, samples && sampled);
    }
  }

  get count(): number {
    return this.#count;
  }

  /** `family.keyWords` words for each row, as they lie in the slots. */
  get keys(): Uint32Array {
    return this.#keys;
  }

  /** The row of the same family in here that has the key of row `row` of `other`. */
  find(other: FlowRows, row: number): number {
    const key = row * this.family.keyWords;
    // Mostly it is where it was.
    if (row < this.#count && this.#hasKey(row, other.keys, key)) return row;
    return this.#index[this.#place(other.keys, key)] ?? NO_ROW;
  }

  /** Packets that the rows account for: those that were sampled, where packets are. */
  countedPackets(): bigint {
    return (this.samples?.sampled ?? this.packets).sum(this.#count);
  }

  #merge(words: Uint32Array, length: number, sampled: Uint32Array | undefined): void {
    const { family, samples } = this;
    const stride = family.size / 4;
    for (let slot = 0; slot < length; slot += stride) {
      const key = slot + family.keyStart;
      if (words[key + family.protocol] === 0) continue;
      const row = this.#rowOf(words, key);
      this.packets.add(row, words, slot + family.packets);
      this.bytes.add(row, words, slot + family.bytes);
      this.drops.add(row, words, slot + family.drops);
      this.lastSeen.raise(row, words, slot + family.lastSeen);
      if (sampled === undefined) samples?.sampled.add(row, words, slot + family.packets);
      else samples?.add(row, sampled, (slot / stride) * SAMPLE_WORDS);
    }
  }

  /** The row with a key, a new one where there is none. */
  #rowOf(words: Uint32Array, key: number): number {
    const place = this.#place(words, key);
    const known = this.#index[place] ?? NO_ROW;
    if (known !== NO_ROW) return known;
    if (this.#count === this.#room) {
      this.#grow(this.#room * 2);
      return this.#rowOf(words, key);
    }
    const row = this.#count++;
    this.#index[place] = row;
    for (const column of this.#columns) column.clear(row);
    const { keyWords } = this.family;
    for (let word = 0; word < keyWords; word++) this.#keys[row * keyWords + word] = words[key + word] ?? 0;
    return row;
  }

  /** Makes room for so many rows. */
  #grow(room: number): void {
    const { keyWords } = this.family;
    for (const column of this.#columns) column.grow(room);
    const keys = new Uint32Array(room * keyWords);
    keys.set(this.#keys);
    this.#keys = keys;
    this.#room = room;
    this.#index = new Int32Array(indexSize(room)).fill(NO_ROW);
    for (let row = 0; row < this.#count; row++) this.#index[this.#place(keys, row * keyWords)] = row;
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
      if (this.#keys[own + word] !== words[key + word]) return false;
    }
    return true;
  }
}

/** Random, so that nobody outside can choose addresses whose rows collide in the index. */
const SEED = randomBytes(4).readUInt32LE();

/** At most half full, so that a look-up ends soon. */
function indexSize(rows: number): number {
  return 2 ** Math.ceil(Math.log2(rows * 2));
}

function hash(words: Uint32Array, start: number, length: number): number {
  let value = SEED;
  for (let word = 0; word < length; word++) {
    value = Math.imul(value ^ (words[start + word] ?? 0), 0x9e37_79b1);
    value ^= value >>> 15;
  }
  return value >>> 0;
}
