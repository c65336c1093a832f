import {
  DIRECTORY_AT,
  DIRECTORY_PAGES,
  HEADER_FACTOR,
  HEADER_SLOT_PAGES,
  HEADER_SLOTS_AT,
  HEADER_TIMED_AT,
  HEADER_TIMED_PAGES,
  PAGE_UNITS,
  PAGE_WORDS,
} from "@weir/programs/sets";
import { capacityOf, withFactors } from "./building.ts";
import { Ipv4Nets } from "./ipv4-nets.ts";
import { addressOf, type Ipv4Prefix, ipv4Prefix, lengthOf, mask } from "./ipv4-prefix.ts";
import { fill, type LastBytes, rangesOf, twoRanges } from "./last-bytes.ts";
import { blockUnits } from "./net-states.ts";
import { headBits, listHalves, PrefixList } from "./prefix-list.ts";
import type { Added, AddedUntil, BuildOptions, ChangeOptions, Removed } from "./set-change.ts";
import {
  FORMAT_IPV4,
  OWN_CAPACITY,
  OWN_FORMAT,
  OWN_HEAD_BITS,
  OWN_HEADS_AT,
  OWN_NODE_NEXT,
  OWN_NODES_AT,
  OWN_PENDING,
  OWN_PENDING_WORDS,
  OWN_UNIT_END,
  OWN_UNIT_NEXT,
  OWN_WAITING_AT,
} from "./set-format.ts";
import { checkFormat, SetMemory } from "./set-memory.ts";
import { DENSE, slotPagesFor } from "./slot-table.ts";
import { sortIpv4 } from "./sort-ipv4.ts";
import { TimedEntries, type TimedEntry, timedPages, timedRoom } from "./timed-entries.ts";
import { Units, WAITING_ROOM } from "./units.ts";

const ADDRESS_WORDS = 1;
/** Nets have so many bits. */
const NET_BITS = 24;
const PAGE_HALVES = PAGE_WORDS * 2;
/** Units that wait until no program reads them, and are there twice for so long. */
const SPARE_UNITS = WAITING_ROOM * 2;

interface Ipv4Layout {
  readonly slotPages: number;
  readonly timedAt: number;
  readonly unitsAt: number;
  readonly listAt: number;
  readonly pages: number;
}

/** Where what lies, in pages, of a set for so many prefixes. A leaf is for at least three of them: two have room in a slot. */
function layoutFor(capacity: number): Ipv4Layout {
  const slotPages = slotPagesFor(capacity, DENSE);
  const timedAt = DIRECTORY_AT + DIRECTORY_PAGES + slotPages;
  const unitsAt = timedAt + timedPages(capacity);
  const units = capacity / 3 + blockUnits(capacity) + timedRoom(capacity) + SPARE_UNITS;
  const listAt = unitsAt + Math.ceil(units / PAGE_UNITS);
  const list = WAITING_ROOM * 2 + listHalves(capacity, ADDRESS_WORDS);
  return { slotPages, timedAt, unitsAt, listAt, pages: listAt + Math.ceil(list / PAGE_HALVES) };
}

/**
 * A named set of IPv4 addresses and prefixes, in the memory of its map: what the kernel program looks up, and the prefixes as they were given.
 * It may be changed while programs look it up; they never get a wrong answer for an address that was in the set before and after,
 * or neither. Only one process may change it at a time.
 *
 * @example
 * ```ts
 * const memory = new Uint8Array(Ipv4Set.pagesFor(1000) * 4096);
 * const set = Ipv4Set.build(memory, Float64Array.of(ipv4Prefix(0xc000_0200, 24)), { random: 1n });
 * if (set !== "grow" && set.has(0xc000_0201)) set.remove(ipv4Prefix(0xc000_0200, 24));
 * ```
 * @see packages/programs/src/kernel/sets/ipv4-set.bpf.ts
 */
export class Ipv4Set {
  readonly #memory: SetMemory;
  readonly #list: PrefixList;
  readonly #nets: Ipv4Nets;
  readonly #timed: TimedEntries;

  private constructor(memory: SetMemory, settle: () => void) {
    this.#memory = memory;
    this.#list = new PrefixList(memory, ADDRESS_WORDS, NET_BITS);
    const units = new Units(memory, settle);
    this.#nets = new Ipv4Nets(memory, units, settle);
    this.#timed = new TimedEntries(memory, units);
  }

  /** Elements that the map of a set for so many prefixes has: pages of 4,096 bytes, about 90 (0.4 MiB) and for each prefix about 45
   * bytes, and another 64 of the first 65,536. */
  static pagesFor(capacity: number): number {
    return layoutFor(capacity).pages;
  }

  /**
   * Fills memory that is all zeros, and that no program reads yet. The same prefix twice counts once.
   *
   * @param prefixes in any order
   * @returns "grow" when there are more than the memory has room for
   */
  static build(memory: Uint8Array, prefixes: Float64Array, { random, settle = none }: BuildOptions): Ipv4Set | "grow" {
    const pages = new SetMemory(memory);
    const capacity = capacityOf(pages.pages, Ipv4Set.pagesFor);
    const sorted = sortIpv4(prefixes);
    if (sorted.length > capacity) return "grow";
    return withFactors(pages, random, (factor) => {
      writeHeader(pages, capacity, factor);
      const set = new Ipv4Set(pages, settle);
      return set.#build(sorted) ? set : undefined;
    });
  }

  /**
   * The set in memory that one was built in, by this or another process. A change that its writer did not come to the end of is brought to its end.
   *
   * @throws {RangeError} when the memory holds no set of this kind
   */
  static open(memory: Uint8Array, { settle = none }: ChangeOptions = {}): Ipv4Set {
    const pages = new SetMemory(memory);
    checkFormat(pages, FORMAT_IPV4, "an IPv4 set");
    const set = new Ipv4Set(pages, settle);
    set.#finish();
    return set;
  }

  /** How many prefixes it has. */
  get size(): number {
    return this.#list.count;
  }

  /** How many it has room for, about: some may find no place before. */
  get capacity(): number {
    return this.#memory.own(OWN_CAPACITY);
  }

  /** Whether the program finds an address in the set; without a time (jiffies), among the entries that have no end. */
  has(address: number, now?: bigint): boolean {
    return this.#nets.has(address) || (now !== undefined && this.#timed.has(BigInt(address) << 32n, 0n, now));
  }

  /** Whether this very prefix is one of the set's. */
  lists(prefix: Ipv4Prefix): boolean {
    return this.#list.find([addressOf(prefix)], lengthOf(prefix)) !== 0;
  }

  /** The shortest prefix of the set that contains this one, or is it; undefined when none does. */
  covering(prefix: Ipv4Prefix): Ipv4Prefix | undefined {
    const address = addressOf(prefix);
    for (let length = 0; length <= lengthOf(prefix); length++) {
      if (this.#list.countOf(length) === 0) continue;
      const beginning = (address & mask(length)) >>> 0;
      if (this.#list.find([beginning], length) !== 0) return ipv4Prefix(beginning, length);
    }
    return undefined;
  }

  /** Adds a prefix, while programs look the set up. */
  add(prefix: Ipv4Prefix): Added {
    const address = addressOf(prefix);
    const length = lengthOf(prefix);
    if (this.#list.find([address], length) !== 0) return "present";
    this.#begin(address, length);
    let result: Added = "grow";
    if (this.#list.add([address], length)) {
      if (this.#renew(address, length)) result = "added";
      else {
        this.#list.remove([address], length);
        this.#renew(address, length);
      }
    }
    this.#end();
    return result;
  }

  /** Takes a prefix out, while programs look the set up. What other prefixes of the set contain stays. */
  remove(prefix: Ipv4Prefix): Removed {
    const address = addressOf(prefix);
    const length = lengthOf(prefix);
    this.#begin(address, length);
    let result: Removed = "absent";
    if (this.#list.remove([address], length)) {
      result = "removed";
      // What is left of nets that it contained may want slots.
      if (!this.#renew(address, length)) {
        this.#list.add([address], length);
        this.#renew(address, length);
        result = "grow";
      }
    }
    this.#end();
    return result;
  }

  /**
   * Adds a prefix that the program lets end by itself, or gives it another end. "grow" also where the set has such prefixes of eight other lengths.
   *
   * @param until the tick of the kernel's clock (jiffies) with which it ends
   * @param now what has ended by this tick is not there, and makes room
   */
  addUntil(prefix: Ipv4Prefix, until: bigint, now: bigint): AddedUntil {
    return this.#timed.add({ ...timed(prefix), until }, now);
  }

  /** Takes out a prefix that would have ended by itself. @param now what has ended by this tick is "absent" */
  removeTimed(prefix: Ipv4Prefix, now: bigint): Removed {
    return this.#timed.remove(timed(prefix), now);
  }

  /** Takes out what has ended, and gives how many these were. The program does not need it. */
  dropEnded(now: bigint): number {
    return this.#timed.dropEnded(now);
  }

  /** Prefixes that end by themselves, with their ticks, in order; some may have ended. */
  timedEntries(): { readonly prefix: Ipv4Prefix; readonly until: bigint }[] {
    return Array.from(this.#timed.entries(), ({ high, length, until }) => ({
      prefix: ipv4Prefix(Number(high >> 32n), length),
      until,
    })).sort((a, b) => a.prefix - b.prefix);
  }

  /** The prefixes as they were given, in order; those that end are in `timedEntries`. */
  entries(): Float64Array {
    const all = new Float64Array(this.#list.count);
    let count = 0;
    for (const node of this.#list.nodes())
      all[count++] = ipv4Prefix(this.#list.word(node, 0), this.#list.lengthOf(node));
    return all.sort();
  }

  /** Says in the set what is being changed, so that who opens it later can go on. */
  #begin(address: number, length: number): void {
    this.#memory.setOwn(OWN_PENDING_WORDS, address);
    this.#memory.setOwn(OWN_PENDING, length + 1);
  }

  /** Brings a change to its end that was begun by a process that is no more. */
  #finish(): void {
    const pending = this.#memory.own(OWN_PENDING);
    if (pending === 0) return;
    this.#list.repair();
    const address = this.#memory.own(OWN_PENDING_WORDS);
    const length = pending - 1;
    if (!this.#renew(address, length)) {
      // There was no room for it, and its process was about to undo it.
      if (!this.#list.remove([address], length)) this.#list.add([address], length);
      this.#renew(address, length);
    }
    this.#end();
  }

  #end(): void {
    this.#memory.setOwn(OWN_PENDING, 0);
  }

  /** Brings what the program looks up of a prefix in line with the list; false when there is no room. */
  #renew(address: number, length: number): boolean {
    const first = address >>> 8;
    const end = first + 2 ** Math.max(NET_BITS - length, 0);
    // Also a change of one address: a prefix that contains its net leaves nothing to do.
    if (this.#isCovered(address, 0, Math.min(length, NET_BITS))) {
      return this.#nets.setAll(first, end);
    }
    const bits: LastBytes = new Uint32Array(8);
    if (length >= NET_BITS) {
      this.#lastBytes(address, bits);
      return this.#nets.set(first, bits);
    }
    // Net by net would be millions: what the list has inside says where there is something.
    let done = first;
    for (const prefix of this.#inside(address, length)) {
      const start = addressOf(prefix);
      const net = start >>> 8;
      if (net < done) continue;
      if (!this.#nets.setNone(done, net)) return false;
      done = net + 2 ** Math.max(NET_BITS - lengthOf(prefix), 0);
      if (lengthOf(prefix) <= NET_BITS) {
        if (!this.#nets.setAll(net, done)) return false;
      } else {
        this.#lastBytes(start, bits);
        if (!this.#nets.set(net, bits)) return false;
      }
    }
    if (!this.#nets.setNone(done, end)) return false;
    this.#nets.clearSlots(first, end);
    return true;
  }

  /** The prefixes of the list that one contains, in order. */
  #inside(address: number, length: number): Float64Array {
    const end = address + 2 ** (32 - length);
    return this.entries().filter(
      (prefix) => addressOf(prefix) >= address && addressOf(prefix) < end && lengthOf(prefix) >= length,
    );
  }

  /** Whether the list has a prefix of the address with one of these lengths. */
  #isCovered(address: number, from: number, to: number): boolean {
    for (let length = from; length <= to; length++) {
      if (this.#list.countOf(length) === 0) continue;
      if (this.#list.find([(address & mask(length)) >>> 0], length) !== 0) return true;
    }
    return false;
  }

  /** What prefixes longer than a net leave of one. */
  #lastBytes(start: number, bits: LastBytes): void {
    bits.fill(0);
    for (let node = this.#list.first(start, 32); node !== 0; node = this.#list.next(node)) {
      const address = this.#list.word(node, 0);
      const length = this.#list.lengthOf(node);
      if (length < NET_BITS || address >>> 8 !== start >>> 8) continue;
      fill(bits, address & 255, (address & 255) + 2 ** (32 - length) - 1);
    }
  }

  #build(sorted: Float64Array): boolean {
    const bits: LastBytes = new Uint32Array(8);
    const one = [0];
    // All addresses below are members already.
    let covered = 0;
    for (let index = 0; index < sorted.length; ) {
      const prefix = sorted[index] ?? 0;
      const address = addressOf(prefix);
      const length = lengthOf(prefix);
      if (length <= NET_BITS || address < covered) {
        one[0] = address;
        this.#list.add(one, length);
        index++;
        if (address < covered) continue;
        covered = address + 2 ** (32 - length);
        if (!this.#nets.setAll(address >>> 8, Math.ceil(covered / 256))) return false;
        continue;
      }
      const net = address >>> 8;
      bits.fill(0);
      const begin = index;
      for (; index < sorted.length; index++) {
        const member = sorted[index] ?? 0;
        const start = addressOf(member);
        if (start >>> 8 !== net) break;
        one[0] = start;
        this.#list.add(one, lengthOf(member));
        fill(bits, start & 255, (start & 255) + 2 ** (32 - lengthOf(member)) - 1);
      }
      const single = index === begin + 1 ? oneRange(address & 255, length) : undefined;
      if (bits.every((word) => word === 0xffff_ffff)) {
        if (!this.#nets.setAll(net, net + 1)) return false;
      } else if (!this.#nets.build(net, single ?? rangesOf(bits), bits)) return false;
    }
    return true;
  }
}

function oneRange(first: number, length: number): number {
  const last = first + 2 ** (32 - length) - 1;
  return twoRanges(first, last, first, last);
}

function timed(prefix: Ipv4Prefix): Omit<TimedEntry, "until"> {
  return { high: BigInt(addressOf(prefix)) << 32n, low: 0n, length: lengthOf(prefix) };
}

function none(): void {}

function writeHeader(pages: SetMemory, capacity: number, factor: bigint): void {
  const { slotPages, timedAt, unitsAt, listAt } = layoutFor(capacity);
  pages.setHeader(HEADER_FACTOR, factor);
  pages.setHeader(HEADER_SLOT_PAGES, BigInt(slotPages));
  pages.setHeader(HEADER_SLOTS_AT, BigInt(DIRECTORY_AT + DIRECTORY_PAGES));
  pages.setHeader(HEADER_TIMED_PAGES, BigInt(unitsAt - timedAt));
  pages.setHeader(HEADER_TIMED_AT, BigInt(timedAt));
  const list = listAt * PAGE_HALVES;
  pages.setOwn(OWN_CAPACITY, capacity);
  pages.setOwn(OWN_UNIT_NEXT, unitsAt * PAGE_UNITS);
  pages.setOwn(OWN_UNIT_END, listAt * PAGE_UNITS);
  pages.setOwn(OWN_WAITING_AT, list);
  pages.setOwn(OWN_HEAD_BITS, headBits(capacity));
  pages.setOwn(OWN_HEADS_AT, list + WAITING_ROOM * 2);
  pages.setOwn(OWN_NODES_AT, list + WAITING_ROOM * 2 + 2 ** headBits(capacity));
  pages.setOwn(OWN_NODE_NEXT, 1);
  pages.setOwn(OWN_FORMAT, FORMAT_IPV4);
}
