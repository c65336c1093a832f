import { capacityOf, withFactors } from "./building.ts";
import { Ipv4Nets } from "./ipv4-nets.ts";
import { addressOf, type Ipv4Prefix, ipv4Prefix, lengthOf } from "./ipv4-prefix.ts";
import { fill, type LastBytes, rangesOf, twoRanges } from "./last-bytes.ts";
import { half, NET_BITS, PrefixSet, type PrefixWords } from "./prefix-set.ts";
import { layoutOf, type PrefixSetLayout, writeLayout } from "./prefix-set-layout.ts";
import type { BuildOptions, ChangeOptions } from "./set-change.ts";
import { FORMAT_IPV4, OWN_FORMAT } from "./set-format.ts";
import { checkFormat, SetMemory } from "./set-memory.ts";
import { sortIpv4 } from "./sort-ipv4.ts";
import { Units, WAITING_ROOM } from "./units.ts";

const ADDRESS_WORDS = 1;
/** Units that wait until no program reads them, and are there twice for so long. */
const SPARE_UNITS = WAITING_ROOM * 2;

/** A leaf is for at least three prefixes: two have room in a slot. */
function layoutFor(capacity: number): PrefixSetLayout {
  return layoutOf({ capacity, slots: capacity, units: capacity / 3 + SPARE_UNITS, words: ADDRESS_WORDS });
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
export class Ipv4Set extends PrefixSet<Ipv4Prefix> {
  readonly #nets: Ipv4Nets;

  private constructor(memory: SetMemory, settle: () => void) {
    const units = new Units(memory, settle);
    super({ memory, units, words: ADDRESS_WORDS, groupBits: NET_BITS });
    this.#nets = new Ipv4Nets(memory, units, settle);
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
      writeLayout(pages, layoutFor(capacity), factor);
      pages.setOwn(OWN_FORMAT, FORMAT_IPV4);
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
    set.finish();
    return set;
  }

  /** Whether the program finds an address in the set; without a time (jiffies), among the entries that have no end. */
  has(address: number, now?: bigint): boolean {
    return this.#nets.has(address) || (now !== undefined && this.timed.has(half([address], 0), 0n, now));
  }

  /** Prefixes that end by themselves, with their ticks, in order; some may have ended. */
  timedEntries(): { readonly prefix: Ipv4Prefix; readonly until: bigint }[] {
    return Array.from(this.timed.entries(), ({ high, length, until }) => ({
      prefix: ipv4Prefix(Number(high >> 32n), length),
      until,
    })).sort((a, b) => a.prefix - b.prefix);
  }

  /** The prefixes as they were given, in order; those that end are in `timedEntries`. */
  entries(): Float64Array {
    const all = new Float64Array(this.list.count);
    let count = 0;
    for (const node of this.list.nodes()) all[count++] = ipv4Prefix(this.list.word(node, 0), this.list.lengthOf(node));
    return all.sort();
  }

  protected override wordsOf(prefix: Ipv4Prefix): PrefixWords {
    return { words: [addressOf(prefix)], length: lengthOf(prefix) };
  }

  protected override prefixOf({ words: [address = 0], length }: PrefixWords): Ipv4Prefix {
    return ipv4Prefix(address, length);
  }

  protected override renew([address = 0]: readonly number[], length: number): boolean {
    const first = address >>> 8;
    const end = first + 2 ** Math.max(NET_BITS - length, 0);
    // Also a change of one address: a prefix that contains its net leaves nothing to do.
    if (this.isCovered(address, 0, Math.min(length, NET_BITS))) {
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

  /** What prefixes longer than a net leave of one. */
  #lastBytes(start: number, bits: LastBytes): void {
    bits.fill(0);
    for (let node = this.list.first(start, 32); node !== 0; node = this.list.next(node)) {
      const address = this.list.word(node, 0);
      const length = this.list.lengthOf(node);
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
        this.list.add(one, length);
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
        this.list.add(one, lengthOf(member));
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

function none(): void {}
