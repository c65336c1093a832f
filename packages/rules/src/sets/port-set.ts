import { PAGE_WORDS, PORTS_AT } from "@weir/programs/sets";
import { capacityOf } from "./building.ts";
import type { Added, Removed } from "./set-change.ts";
import { FORMAT_PORTS, OWN_CAPACITY, OWN_COUNT, OWN_FORMAT, OWN_PENDING } from "./set-format.ts";
import { checkFormat, SetMemory } from "./set-memory.ts";

const PORTS = 0x1_0000;
const FIRST_WORD = PORTS_AT * PAGE_WORDS;
/** Ranges lie behind the bits, one number each. */
const LIST_PAGE = PORTS_AT + PORTS / 64 / PAGE_WORDS;
const LIST_AT = LIST_PAGE * PAGE_WORDS * 2;

/** Ports from one to another, both among them: one port, when they are the same. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/**
 * A named set of ports, in the memory of its map: a bit for each, and the ranges as they were given. As with {@link Ipv4Set}, it may be changed, by one
 * process at a time, while programs look it up.
 *
 * @example
 * ```ts
 * const memory = new Uint8Array(PortSet.pagesFor(100) * 4096);
 * const set = PortSet.build(memory, [{ first: 6000, last: 6063 }]);
 * ```
 */
export class PortSet {
  readonly #memory: SetMemory;

  private constructor(memory: SetMemory) {
    this.#memory = memory;
  }

  /** Elements that the map of a set for so many ranges has: pages of 4,096 bytes. */
  static pagesFor(capacity: number): number {
    return LIST_PAGE + Math.max(1, Math.ceil(capacity / (PAGE_WORDS * 2)));
  }

  /** Fills memory that is all zeros, and that no program reads yet; "grow" when there are more ranges than it has room for. */
  static build(memory: Uint8Array, ranges: readonly PortRange[]): PortSet | "grow" {
    const pages = new SetMemory(memory);
    pages.setOwn(OWN_CAPACITY, capacityOf(pages.pages, PortSet.pagesFor));
    pages.setOwn(OWN_FORMAT, FORMAT_PORTS);
    const set = new PortSet(pages);
    for (const range of ranges) if (set.add(range) === "grow") return "grow";
    return set;
  }

  /** The set in memory that one was built in. @throws {RangeError} when the memory holds no set of this kind */
  static open(memory: Uint8Array): PortSet {
    const pages = new SetMemory(memory);
    checkFormat(pages, FORMAT_PORTS, "a set of ports");
    const set = new PortSet(pages);
    if (pages.own(OWN_PENDING) !== 0) set.#finish();
    return set;
  }

  /** How many ranges it has. */
  get size(): number {
    return this.#memory.own(OWN_COUNT);
  }

  /** How many it has room for. */
  get capacity(): number {
    return this.#memory.own(OWN_CAPACITY);
  }

  /** Whether the program finds a port in the set. */
  has(port: number): boolean {
    return (((this.#memory.halves[FIRST_WORD * 2 + (port >>> 5)] ?? 0) >>> (port & 31)) & 1) === 1;
  }

  /** Adds a range, while programs look the set up. */
  add({ first, last }: PortRange): Added {
    const count = this.size;
    if (this.#find(first, last) >= 0) return "present";
    if (count === this.capacity) return "grow";
    this.#memory.setOwn(OWN_PENDING, 1);
    this.#memory.halves[LIST_AT + count] = numberOf(first, last);
    this.#change(count + 1, first, last);
    return "added";
  }

  /** Takes a range out, while programs look the set up. What other ranges of the set contain stays. */
  remove({ first, last }: PortRange): Removed {
    const place = this.#find(first, last);
    if (place < 0) return "absent";
    const { halves } = this.#memory;
    const end = this.size - 1;
    this.#memory.setOwn(OWN_PENDING, 1);
    halves[LIST_AT + place] = halves[LIST_AT + end] ?? 0;
    this.#change(end, first, last);
    return "removed";
  }

  /** The ranges as they were given, in order. */
  entries(): PortRange[] {
    const ranges = Array.from({ length: this.size }, (_, index) => {
      const range = this.#memory.halves[LIST_AT + index] ?? 0;
      return { first: range >>> 16, last: range & 0xffff };
    });
    return ranges.sort((a, b) => a.first - b.first || a.last - b.last);
  }

  /** Brings a change to its end that was begun by a process that is no more: each bit follows from the list. */
  #finish(): void {
    const { halves } = this.#memory;
    const end = this.size - 1;
    // The last range was about to take the place of one that was taken out, and is in both.
    const isTwice = halves.subarray(LIST_AT, LIST_AT + end).includes(halves[LIST_AT + end] ?? 0);
    this.#change(isTwice ? end : this.size, 0, PORTS - 1);
  }

  #find(first: number, last: number): number {
    return this.#memory.halves.subarray(LIST_AT, LIST_AT + this.size).indexOf(numberOf(first, last));
  }

  #change(count: number, first: number, last: number): void {
    this.#memory.setOwn(OWN_COUNT, count);
    this.#renew(first, last);
  }

  /** Brings the bits of ports in line with the list, word by word: each word is right before and after. */
  #renew(first: number, last: number): void {
    const bits = new Uint32Array(PORTS / 32);
    for (const range of this.entries()) {
      const to = Math.min(range.last, last);
      for (let port = Math.max(range.first, first); port <= to; port++) {
        bits[port >>> 5] = (bits[port >>> 5] ?? 0) | (1 << (port & 31));
      }
    }
    const { halves } = this.#memory;
    for (let half = first >>> 5; half <= last >>> 5; half++) {
      // Bits of the ends' words that are not meant stay.
      const from = Math.max(first - half * 32, 0);
      const to = Math.min(last - half * 32, 31);
      const meant = (0xffff_ffff >>> (31 - (to - from))) << from;
      bits[half] = ((halves[FIRST_WORD * 2 + half] ?? 0) & ~meant) | ((bits[half] ?? 0) & meant);
    }
    for (let word = first >>> 6; word <= last >>> 6; word++) {
      const at = (FIRST_WORD + word) * 2;
      const isMeant = (half: number) => half >= first >>> 5 && half <= last >>> 5;
      const [low, high] = [word * 2, word * 2 + 1].map((half, index) =>
        isMeant(half) ? bits[half] : halves[at + index],
      );
      this.#memory.publish(FIRST_WORD + word, high ?? 0, low ?? 0);
    }
    this.#memory.setOwn(OWN_PENDING, 0);
  }
}

function numberOf(first: number, last: number): number {
  return ((first << 16) | last) >>> 0;
}
