import {
  HEADER_TIMED_AT,
  HEADER_TIMED_LENGTHS,
  HEADER_TIMED_PAGES,
  TIMED_LENGTHS,
  TIMED_MIX,
  TIMED_PROBES,
  UNIT_WORDS,
} from "@weir/programs/sets";
import type { AddedUntil, Removed } from "./set-change.ts";
import type { SetMemory } from "./set-memory.ts";
import { SlotTable, SPARSE, slotPagesFor } from "./slot-table.ts";
import type { Units } from "./units.ts";

/** The unit of a slot whose entry is no more: a part of the header, which is no record of any address. */
const NO_RECORD = 1;
const FORM = {
  keyHigh: 0xffff_ffff,
  keyLow: 0,
  emptyMask: 0,
  emptyHigh: 0,
  emptyLow: NO_RECORD,
  pages: HEADER_TIMED_PAGES,
  at: HEADER_TIMED_AT,
  probes: TIMED_PROBES,
} as const;

/** A prefix that ends: an IPv4 address is the upper half of `high`. */
export interface TimedEntry {
  readonly high: bigint;
  readonly low: bigint;
  readonly length: number;
  /** The tick of the kernel's clock (jiffies) with which it ends. */
  readonly until: bigint;
}

/** How many entries that end a set has room for, by how many of the others. */
export function timedRoom(capacity: number): number {
  return Math.max(1000, Math.ceil(capacity / 8));
}

export function timedPages(capacity: number): number {
  return slotPagesFor(timedRoom(capacity), SPARSE);
}

/**
 * The entries of a set that end by themselves: the program compares their end with the kernel's clock. A record is complete before its slot is published, and its
 * memory is not used again before the programs have ended that may have found it.
 */
export class TimedEntries {
  readonly #memory: SetMemory;
  readonly #units: Units;
  readonly #slots: SlotTable;

  constructor(memory: SetMemory, units: Units) {
    this.#memory = memory;
    this.#units = units;
    this.#slots = new SlotTable(memory, FORM);
  }

  has(high: bigint, low: bigint, now: bigint): boolean {
    return this.#lengths().some((length) => {
      const unit = this.#unitOf(high & upperOnes(length), low & lowerOnes(length), length);
      return unit !== 0 && now < this.#word(unit, 3);
    });
  }

  /** Adds an entry, or gives it another end. What has ended by `now` is not there, and makes room if it has to. */
  add(entry: TimedEntry, now: bigint): AddedUntil {
    const added = this.#add(entry, now);
    if (added !== "grow") return added;
    this.dropEnded(now);
    return this.#add(entry, now);
  }

  /** @param now what has ended by this tick is "absent", though it is taken out */
  remove({ high, low, length }: Omit<TimedEntry, "until">, now: bigint): Removed {
    const slot = this.#find(high, low, length);
    const unit = slot < 0 ? 0 : (this.#memory.halves[slot * 2] ?? 0);
    if (unit === 0 || unit === NO_RECORD || !this.#isAt(unit, high, low, length)) return "absent";
    const hadEnded = this.#word(unit, 3) <= now;
    this.#memory.publish(slot, this.#memory.halves[slot * 2 + 1] ?? 0, NO_RECORD);
    this.#units.giveBack(unit, 0);
    return hadEnded ? "absent" : "removed";
  }

  /** Takes out what has ended, and gives how many these were. */
  dropEnded(now: bigint): number {
    const ended = [...this.entries()].filter(({ until }) => until <= now);
    for (const entry of ended) this.remove(entry, now);
    const used = new Set([...this.entries()].map(({ length }) => length));
    this.#setLengths(this.#lengths().filter((length) => used.has(length)));
    return ended.length;
  }

  /** All entries, also those that have ended and are still there, in no order. */
  *entries(): Generator<TimedEntry> {
    const [from, to] = this.#slots.range;
    for (let slot = from; slot < to; slot++) {
      const unit = this.#memory.halves[slot * 2] ?? 0;
      if (unit <= NO_RECORD) continue;
      const [high, low, length, until] = [0, 1, 2, 3].map((word) => this.#word(unit, word));
      yield { high: high ?? 0n, low: low ?? 0n, length: Number(length), until: until ?? 0n };
    }
  }

  #add({ high, low, length, until }: TimedEntry, now: bigint): AddedUntil {
    const slot = this.#find(high, low, length);
    const known = slot < 0 ? NO_RECORD : (this.#memory.halves[slot * 2] ?? 0);
    if (known !== NO_RECORD) {
      // Two prefixes with one tag, once in some billions: the program looks at the first one only.
      if (!this.#isAt(known, high, low, length)) return "grow";
      const hadEnded = this.#word(known, 3) <= now;
      Atomics.store(this.#memory.words, known * UNIT_WORDS + 3, until);
      return hadEnded ? "added" : "renewed";
    }
    const place = slot < 0 ? this.#slots.free : slot;
    const lengths = this.#lengths();
    if (!lengths.includes(length)) lengths.push(length);
    if (place < 0 || lengths.length > TIMED_LENGTHS) return "grow";
    const unit = this.#units.take(0);
    if (unit === 0) return "grow";
    this.#memory.words.set([high, low, BigInt(length), until], unit * UNIT_WORDS);
    // Before the slot: a killed process may leave a length that no entry has, but no entry that is not looked for.
    this.#setLengths(lengths);
    this.#memory.publish(place, Number(keyOf(high, low, length) >> 32n), unit);
    return "added";
  }

  #unitOf(high: bigint, low: bigint, length: number): number {
    const slot = this.#find(high, low, length);
    const unit = slot < 0 ? 0 : (this.#memory.halves[slot * 2] ?? 0);
    return unit > NO_RECORD && this.#isAt(unit, high, low, length) ? unit : 0;
  }

  #find(high: bigint, low: bigint, length: number): number {
    const key = keyOf(high, low, length);
    const tag = Number(key >> 32n);
    return this.#slots.find(tag, Number(key & 0xffff_ffffn), tag, 0);
  }

  #isAt(unit: number, high: bigint, low: bigint, length: number): boolean {
    return this.#word(unit, 0) === high && this.#word(unit, 1) === low && this.#word(unit, 2) === BigInt(length);
  }

  #word(unit: number, word: number): bigint {
    return this.#memory.words[unit * UNIT_WORDS + word] ?? 0n;
  }

  #lengths(): number[] {
    const lengths: number[] = [];
    for (let left = this.#memory.words[HEADER_TIMED_LENGTHS] ?? 0n; left !== 0n; left >>= 8n) {
      lengths.push(Number(left & 255n) - 1);
    }
    return lengths;
  }

  #setLengths(lengths: readonly number[]): void {
    const word = lengths.reduceRight((all, length) => (all << 8n) | BigInt(length + 1), 0n);
    Atomics.store(this.#memory.words, HEADER_TIMED_LENGTHS, word);
  }
}

function keyOf(high: bigint, low: bigint, length: number): bigint {
  return BigInt.asUintN(64, high + low * TIMED_MIX + BigInt(length));
}

/** Ones in the first bits of an address's first word of 64, and of its second. */
function upperOnes(length: number): bigint {
  return BigInt.asUintN(64, -1n << BigInt(Math.max(64 - length, 0)));
}

function lowerOnes(length: number): bigint {
  return BigInt.asUintN(64, -1n << BigInt(Math.min(128 - length, 64)));
}
