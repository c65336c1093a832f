import { Column } from "./column.ts";
import type { FlowFamily } from "./flow-family.ts";
import { HashGroups } from "./hash-groups.ts";
import { KEY_SEED, mixed } from "./key-hash.ts";
import { isSameKey, KeyIndex, NO_ROW } from "./key-index.ts";
import { recurring } from "./recurring.ts";
import { SAMPLE_WORDS, SampleColumns } from "./sample-columns.ts";
import { SlotCopy } from "./slot-copy.ts";
import { MappedSlots } from "./slot-memory.ts";

const FEWEST_ROWS = 256;
/** For more rows than were expected: making room for one takes a copy of all. */
const SPARE = 1.125;

/** Slots that lie side by side in a map, which programs may be writing to. */
export interface FlowSlots {
  readonly words: Uint32Array;
  /** What lies beside them where packets are sampled. Where it lacks, and others have some, each packet was looked at. */
  readonly samples?: Uint32Array | undefined;
  /** The number of the first slot, among all of its IP version. */
  readonly first: number;
}

/** The hashes of the rows' keys, while they are read; kept, because touching new pages costs more than computing them. */
let hashes = new Uint32Array(0);
const groups = new HashGroups();

/**
 * The connections of one IP version, as columns. Each slot becomes a row; then those of the same connection, which has several where several
 * CPUs see it, are folded into the first of them.
 *
 * Columns, and not objects, because most snapshots list a few of many thousand rows: only those become objects. And slots one after the
 * other, because to look each one up among the others takes four times as long.
 */
export class FlowRows {
  readonly family: FlowFamily;
  readonly packets = new Column(0);
  readonly bytes = new Column(0);
  /** Where packets are sampled, of those that were. */
  readonly drops = new Column(0);
  readonly lastSeen = new Column(0);
  /** Where packets are sampled: what is known of the estimates that packets and bytes then are. */
  readonly samples: SampleColumns | undefined;
  readonly #columns: readonly (Column | SampleColumns)[];
  readonly #dropColumns: readonly Column[];
  readonly #copy: SlotCopy;
  #count = 0;
  #folded = 0;
  /** Mostly nothing is dropped: then the column is 0 and is not written. */
  #hasDrops = false;
  #room = 0;
  #keys = new Uint32Array(0);
  /** The number of each row's slot. */
  #places = new Uint32Array(0);
  /** For a row that was folded into another one, one more than that, else 0. */
  #wholes = new Uint32Array(0);
  /** How much further down than asked for the last row was found: there are more rows before it, or fewer, than in the other reading. */
  #shift = 0;

  constructor(family: FlowFamily, isSampled = false) {
    this.family = family;
    this.#copy = new SlotCopy(family);
    this.samples = isSampled ? new SampleColumns() : undefined;
    const columns = [this.packets, this.bytes, this.drops, this.lastSeen];
    this.#columns = this.samples ? [...columns, this.samples] : columns;
    this.#dropColumns = this.samples ? [this.drops, this.samples.drops] : [this.drops];
  }

  /**
   * Reads slots, in the order of their numbers, see `SlotCopy`. Forgets the rows of before, and keeps their memory.
   *
   * @param expected about how many slots are taken
   */
  refill(memory: readonly FlowSlots[], expected = 0): void {
    const room = Math.max(Math.ceil(expected * SPARE), FEWEST_ROWS);
    if (this.#folded > 0) this.#wholes.fill(0);
    if (this.#hasDrops) for (const column of this.#dropColumns) column.reset();
    this.#hasDrops = false;
    this.#count = 0;
    this.#folded = 0;
    this.#shift = 0;
    if (room > this.#room) this.#grow(room);
    for (const slots of memory) this.#read(slots);
    this.#fold();
  }

  /** How many rows there are, with those that were folded. */
  get count(): number {
    return this.#count;
  }

  get connections(): number {
    return this.#count - this.#folded;
  }

  /** Whether a row was folded into another one, and has nothing more. */
  isFolded(row: number): boolean {
    return this.#folded > 0 && this.#wholes[row] !== 0;
  }

  /** `family.keyWords` words for each row, as they lie in the slots. */
  get keys(): Uint32Array {
    return this.#keys;
  }

  /** The row in here that has the slot, and the key, of row `row` of another reading of the same table. */
  findInSlot(other: FlowRows, row: number): number {
    const { keyWords } = this.family;
    const own = this.#at(other.#places[row] ?? 0, row);
    if (own === NO_ROW || !isSameKey(this.#keys, own * keyWords, other.#keys, row * keyWords, keyWords)) return NO_ROW;
    return this.#whole(own);
  }

  /**
   * The rows in here of connections that have another slot in another reading, by their rows there.
   *
   * @param some the rows there that are looked for; all of them unless said
   */
  findMoved(other: FlowRows, some: readonly number[] = other.#connectionRows()): ReadonlyMap<number, number> {
    const { keyWords } = this.family;
    const missing = some.filter((row) => this.findInSlot(other, row) === NO_ROW);
    const index = new KeyIndex(other.#keys, keyWords, missing.length);
    for (const row of missing) index.add(row);
    const moved = new Map<number, number>();
    for (let row = 0; row < this.#count; row++) {
      const there = index.find(this.#keys, row * keyWords);
      if (there !== NO_ROW) moved.set(there, this.#whole(row));
    }
    return moved;
  }

  /** Packets that were dropped, in all rows; those that were sampled, where packets are. */
  droppedPackets(): bigint {
    return this.#hasDrops ? this.drops.sum(this.#count) : 0n;
  }

  /** Packets that the rows account for: those that were sampled, where packets are. */
  countedPackets(): bigint {
    return (this.samples?.sampled ?? this.packets).sum(this.#count);
  }

  #read({ words, samples, first }: FlowSlots): void {
    const copy = this.#copy;
    const memory = new MappedSlots(words);
    const sampled = new Uint32Array(samples ? copy.slots * SAMPLE_WORDS : 0);
    for (let slot = 0; slot * (this.family.size / 4) < words.length; slot += copy.slots) {
      const count = copy.read(memory, slot, () => {
        if (samples) sampled.set(samples.subarray(slot * SAMPLE_WORDS, slot * SAMPLE_WORDS + sampled.length));
      });
      this.#append(count, first + slot, samples && sampled);
    }
  }

  /** Makes the slots that have been copied into rows. */
  #append(count: number, first: number, sampled: Uint32Array | undefined): void {
    this.#makeRoom(count);
    const { words, taken } = this.#copy;
    const { size, keyStart, keyWords, ...at } = this.family;
    const [packets, bytes, lastSeen] = [this.packets.words, this.bytes.words, this.lastSeen.words];
    const keys = this.#keys;
    const places = this.#places;
    const hashesOfRows = hashes;
    const { samples } = this;
    for (let index = 0, row = this.#count; index < count; index++, row++) {
      const number = taken[index] ?? 0;
      const slot = number * (size / 4);
      packets[row * 2] = words[slot + at.packets] ?? 0;
      packets[row * 2 + 1] = words[slot + at.packets + 1] ?? 0;
      bytes[row * 2] = words[slot + at.bytes] ?? 0;
      bytes[row * 2 + 1] = words[slot + at.bytes + 1] ?? 0;
      lastSeen[row * 2] = words[slot + at.lastSeen] ?? 0;
      lastSeen[row * 2 + 1] = words[slot + at.lastSeen + 1] ?? 0;
      if (sampled !== undefined) samples?.put(row, sampled, number * SAMPLE_WORDS);
      else samples?.putExact(row, words, slot + at.packets);
      if (((words[slot + at.drops] ?? 0) | (words[slot + at.drops + 1] ?? 0)) !== 0) {
        this.#hasDrops = true;
        this.drops.put(row, words, slot + at.drops);
        samples?.putDrops(row, this.drops.number(row), this.packets.number(row));
      }
      places[row] = first + number;
      const source = slot + keyStart;
      const key = row * keyWords;
      let hash = KEY_SEED;
      for (let word = 0; word < keyWords; word++) {
        const value = words[source + word] ?? 0;
        keys[key + word] = value;
        hash = mixed(hash, value);
      }
      hashesOfRows[row] = hash;
    }
    this.#count += count;
  }

  /** Adds what several slots have of the same connection to the first of them. */
  #fold(): void {
    const rows = recurring(hashes, this.#count);
    const firsts = groups.firsts(rows, hashes);
    const { keyWords } = this.family;
    const others: number[] = [];
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index] ?? 0;
      const first = firsts[index] ?? 0;
      if (first === row) continue;
      if (isSameKey(this.#keys, first * keyWords, this.#keys, row * keyWords, keyWords)) this.#foldInto(first, row);
      else others.push(row);
    }
    if (others.length > 0) this.#foldByKey(others);
  }

  /** Rows that have the hash of an earlier one, and another key. */
  #foldByKey(rows: readonly number[]): void {
    const index = new KeyIndex(this.#keys, this.family.keyWords, rows.length);
    for (const row of rows) {
      const first = index.add(row);
      if (first !== row) this.#foldInto(first, row);
    }
  }

  #foldInto(whole: number, row: number): void {
    this.packets.move(row, whole);
    this.bytes.move(row, whole);
    if (this.#hasDrops) for (const column of this.#dropColumns) column.move(row, whole);
    this.lastSeen.raise(whole, row);
    this.samples?.move(row, whole);
    this.#wholes[row] = whole + 1;
    this.#folded++;
  }

  #makeRoom(rows: number): void {
    if (this.#count + rows > this.#room) this.#grow(Math.max(this.#room * 2, this.#count + rows));
  }

  /** Makes room for so many rows. */
  #grow(room: number): void {
    for (const column of this.#columns) column.grow(room);
    this.#keys = grown(this.#keys, room * this.family.keyWords);
    this.#places = grown(this.#places, room);
    this.#wholes = grown(this.#wholes, room);
    if (hashes.length < room) hashes = grown(hashes, room);
    this.#room = room;
  }

  /** The row of a slot, by its number. @param near the row that it may be */
  #at(place: number, near: number): number {
    const places = this.#places;
    const likely = near + this.#shift;
    if (likely >= 0 && likely < this.#count && places[likely] === place) return likely;
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((places[middle] ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    const isThere = low < this.#count && places[low] === place;
    // Where one is missing, the next one is likely to be where this one would have been.
    this.#shift = low - near - (isThere ? 0 : 1);
    return isThere ? low : NO_ROW;
  }

  #connectionRows(): number[] {
    const rows: number[] = [];
    for (let row = 0; row < this.#count; row++) if (!this.isFolded(row)) rows.push(row);
    return rows;
  }

  /** The row that a row was folded into, or itself. */
  #whole(row: number): number {
    return this.isFolded(row) ? (this.#wholes[row] ?? 0) - 1 : row;
  }
}

function grown(words: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(length);
  larger.set(words);
  return larger;
}
