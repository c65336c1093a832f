import { NET_NONE, NET_SOME, PAGE_UNITS } from "@weir/programs/sets";
import { capacityOf, withFactors } from "./building.ts";
import { Intervals } from "./intervals.ts";
import { type GroupContents, Ipv6Groups } from "./ipv6-groups.ts";
import { IPV6_NUMBERS, type Ipv6Prefix, ipv6Prefixes, sortIpv6 } from "./ipv6-prefix.ts";
import { half, NET_BITS, PrefixSet, type PrefixWords } from "./prefix-set.ts";
import { layoutOf, type PrefixSetLayout, writeLayout } from "./prefix-set-layout.ts";
import type { BuildOptions, ChangeOptions } from "./set-change.ts";
import { FORMAT_IPV6, OWN_FORMAT, OWN_UNIT_NEXT, OWN_UNITS_AT } from "./set-format.ts";
import { checkFormat, SetMemory } from "./set-memory.ts";
import { Units } from "./units.ts";

const ADDRESS_WORDS = 4;
const GROUP_BITS = 32;
/** Units for each prefix: two in its record, as much again while that is written anew, and what sizes leave over. */
const UNITS_EACH = 4;
const SPARE_UNITS = 1024;

/** For so many prefixes that take so many groups. */
function layoutFor(capacity: number, groups: number): PrefixSetLayout {
  return layoutOf({ capacity, slots: groups, units: capacity * UNITS_EACH + SPARE_UNITS, words: ADDRESS_WORDS });
}

/** Groups that prefixes of 25 to 31 bits take beyond one. */
function moreGroups(prefixes: Uint32Array): number {
  let more = 0;
  for (let at = IPV6_NUMBERS - 1; at < prefixes.length; at += IPV6_NUMBERS) {
    const length = prefixes[at] ?? 0;
    if (length > NET_BITS && length < GROUP_BITS) more += 2 ** (GROUP_BITS - length) - 1;
  }
  return more;
}

/**
 * A named set of IPv6 addresses and prefixes, in the memory of its map. As with {@link Ipv4Set}, it may be changed, by one process at a time,
 * while programs look it up.
 *
 * @example
 * ```ts
 * const prefixes = ipv6Prefixes([{ words: [0x2001_0db8, 0, 0, 0], length: 32 }]);
 * const memory = new Uint8Array(Ipv6Set.pagesFor(1000, prefixes) * 4096);
 * const set = Ipv6Set.build(memory, prefixes, { random: 1n });
 * ```
 * @see packages/programs/src/kernel/sets/ipv6-set.bpf.ts
 */
export class Ipv6Set extends PrefixSet<Ipv6Prefix> {
  readonly #groups: Ipv6Groups;
  readonly #intervals = new Intervals();

  private constructor(memory: SetMemory, settle: () => void) {
    const units = new Units(memory, settle);
    super({ memory, units, words: ADDRESS_WORDS, groupBits: GROUP_BITS });
    this.#groups = new Ipv6Groups(memory, memory.own(OWN_UNITS_AT), units, settle);
  }

  /**
   * Elements that the map of a set for so many prefixes has: pages of 4,096 bytes, about 90 (0.4 MiB) and for each prefix about 175 bytes,
   * and another 64 of the first 65,536. Prefixes of 25
   * to 31 bits take up to 128 times 20 bytes: those that there will be have to be given.
   */
  static pagesFor(capacity: number, prefixes: Uint32Array = new Uint32Array()): number {
    return layoutFor(capacity, capacity + moreGroups(prefixes)).pages;
  }

  /**
   * Fills memory that is all zeros, and that no program reads yet. The same prefix twice counts once.
   *
   * @param prefixes five numbers each, in any order: see `ipv6Prefixes`
   * @returns "grow" when there are more than the memory has room for
   */
  static build(memory: Uint8Array, prefixes: Uint32Array, { random, settle = none }: BuildOptions): Ipv6Set | "grow" {
    const pages = new SetMemory(memory);
    const sorted = sortIpv6(prefixes);
    const more = moreGroups(sorted);
    const capacity = capacityOf(pages.pages, (count) => layoutFor(count, count + more).pages);
    if (sorted.length / IPV6_NUMBERS > capacity) return "grow";
    return withFactors(pages, random, (factor) => {
      writeHeader(pages, layoutFor(capacity, capacity + more), factor);
      const set = new Ipv6Set(pages, settle);
      return set.#build(sorted) ? set : undefined;
    });
  }

  /**
   * The set in memory that one was built in, by this or another process. A change that its writer did not come to the end of is brought to its end.
   *
   * @throws {RangeError} when the memory holds no set of this kind
   */
  static open(memory: Uint8Array, { settle = none }: ChangeOptions = {}): Ipv6Set {
    const pages = new SetMemory(memory);
    checkFormat(pages, FORMAT_IPV6, "an IPv6 set");
    const set = new Ipv6Set(pages, settle);
    set.finish();
    return set;
  }

  /** Whether the program finds an address, of four numbers, in the set; without a time (jiffies), among the entries that have no end. */
  has(words: ArrayLike<number>, now?: bigint): boolean {
    if (this.#groups.has(words)) return true;
    return now !== undefined && this.timed.has(half(words, 0), half(words, 2), now);
  }

  /** Prefixes that end by themselves, with their ticks, in no order; some may have ended. */
  timedEntries(): { readonly prefix: Ipv6Prefix; readonly until: bigint }[] {
    return Array.from(this.timed.entries(), ({ high, low, length, until }) => {
      const words = [Number(high >> 32n), Number(high & LOWER), Number(low >> 32n), Number(low & LOWER)] as const;
      return { prefix: { words, length }, until };
    });
  }

  /** The prefixes as they were given, in order: five numbers each; those that end are in `timedEntries`. */
  entries(): Uint32Array<ArrayBuffer> {
    const all = new Uint32Array(this.list.count * IPV6_NUMBERS);
    let at = 0;
    for (const node of this.list.nodes()) {
      for (let word = 0; word < ADDRESS_WORDS; word++) all[at++] = this.list.word(node, word);
      all[at++] = this.list.lengthOf(node);
    }
    return sortIpv6(all);
  }

  protected override wordsOf(prefix: Ipv6Prefix): PrefixWords {
    return prefix;
  }

  protected override prefixOf({
    words: [first = 0, second = 0, third = 0, last = 0],
    length,
  }: PrefixWords): Ipv6Prefix {
    return { words: [first, second, third, last], length };
  }

  protected override renew(words: readonly number[], length: number): boolean {
    const group = words[0] ?? 0;
    const first = group >>> 8;
    const end = first + 2 ** Math.max(NET_BITS - length, 0);
    if (this.isCovered(group, 0, Math.min(length, NET_BITS))) {
      return this.#groups.setAll(first, end);
    }
    if (length <= NET_BITS) return this.#renewNets(words, length, first, end);
    for (let each = group; each < group + 2 ** Math.max(GROUP_BITS - length, 0); each++) {
      const contents = this.#contentsOf(each);
      if (!this.#groups.set(each, contents)) return false;
      if (contents !== "none" && !this.#groups.setState(first, NET_SOME)) return false;
    }
    return this.#groups.hasMembers(first) || this.#groups.setState(first, NET_NONE);
  }

  /** Nets that no prefix contains as a whole any more: what the list has inside says which of them still have members. */
  #renewNets(words: ArrayLike<number>, length: number, first: number, end: number): boolean {
    let done = first;
    for (const [group, inner] of this.#inside(words, length)) {
      const net = group >>> 8;
      if (net < done) continue;
      if (!this.#groups.setNone(done, net)) return false;
      done = net + 2 ** Math.max(NET_BITS - inner, 0);
      const isDone = inner <= NET_BITS ? this.#groups.setAll(net, done) : this.#renewNet(net);
      if (!isDone) return false;
    }
    if (!this.#groups.setNone(done, end)) return false;
    this.#groups.clearSlots(first, end);
    return true;
  }

  /** All groups of a net have to be right before programs are sent to them. */
  #renewNet(net: number): boolean {
    for (let group = net * 256; group < (net + 1) * 256; group++) {
      if (!this.#groups.set(group, this.#contentsOf(group))) return false;
    }
    return this.#groups.setState(net, NET_SOME);
  }

  /** Group and length of each prefix of the list that one contains, in order. */
  #inside(words: ArrayLike<number>, length: number): (readonly [group: number, length: number])[] {
    const from = words[0] ?? 0;
    const to = from + 2 ** (GROUP_BITS - length);
    const found: (readonly [number, number])[] = [];
    for (const node of this.list.nodes()) {
      const group = this.list.word(node, 0);
      if (group >= from && group < to && this.list.lengthOf(node) >= length) {
        found.push([group, this.list.lengthOf(node)]);
      }
    }
    return found.sort(([a, one], [b, other]) => a - b || one - other);
  }

  #contentsOf(group: number): GroupContents {
    if (this.isCovered(group, NET_BITS + 1, GROUP_BITS)) return "all";
    const members: Ipv6Prefix[] = [];
    for (let node = this.list.first(group, 128); node !== 0; node = this.list.next(node)) {
      const length = this.list.lengthOf(node);
      if (length <= GROUP_BITS || this.list.word(node, 0) !== group) continue;
      const [second, third, last] = [1, 2, 3].map((word) => this.list.word(node, word));
      members.push({ words: [group, second ?? 0, third ?? 0, last ?? 0], length });
    }
    if (members.length === 0) return "none";
    const sorted = members.length === 1 ? ipv6Prefixes(members) : sortIpv6(ipv6Prefixes(members));
    return this.#intervalsOf(sorted, 0, sorted.length);
  }

  #intervalsOf(sorted: Uint32Array, from: number, to: number): Intervals {
    this.#intervals.clear();
    for (let at = from; at < to; at += IPV6_NUMBERS) {
      this.#intervals.add(sorted.subarray(at, at + ADDRESS_WORDS), sorted[at + ADDRESS_WORDS] ?? 0);
    }
    return this.#intervals;
  }

  #build(sorted: Uint32Array): boolean {
    for (let at = 0; at < sorted.length; at += IPV6_NUMBERS) {
      this.list.add(sorted.subarray(at, at + ADDRESS_WORDS), sorted[at + ADDRESS_WORDS] ?? 0);
    }
    // Nets, then groups, that are members already with all their addresses.
    let netsDone = 0;
    let groupsDone = 0;
    for (let at = 0; at < sorted.length; ) {
      const group = sorted[at] ?? 0;
      const length = sorted[at + ADDRESS_WORDS] ?? 0;
      const begin = at;
      at += IPV6_NUMBERS;
      const net = group >>> 8;
      if (net < netsDone || group < groupsDone) continue;
      if (length <= NET_BITS) {
        netsDone = net + 2 ** (NET_BITS - length);
        if (!this.#groups.setAll(net, netsDone)) return false;
        continue;
      }
      let contents: GroupContents = "all";
      groupsDone = group + 2 ** Math.max(GROUP_BITS - length, 0);
      if (length > GROUP_BITS) {
        while (at < sorted.length && sorted[at] === group) at += IPV6_NUMBERS;
        contents = this.#intervalsOf(sorted, begin, at);
      }
      for (let each = group; each < groupsDone; each++) if (!this.#groups.set(each, contents)) return false;
      if (!this.#groups.setState(net, NET_SOME)) return false;
    }
    return true;
  }
}

const LOWER = 0xffff_ffffn;

function none(): void {}

function writeHeader(pages: SetMemory, layout: PrefixSetLayout, factor: bigint): void {
  writeLayout(pages, layout, factor);
  const firstUnit = layout.unitsAt * PAGE_UNITS;
  pages.setOwn(OWN_UNITS_AT, firstUnit);
  pages.setOwn(OWN_UNIT_NEXT, firstUnit + Ipv6Groups.fixedUnits);
  Ipv6Groups.begin(pages, firstUnit);
  pages.setOwn(OWN_FORMAT, FORMAT_IPV6);
}
