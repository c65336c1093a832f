import { HEADER_FACTOR, HEADER_SLOT_PAGES, HEADER_SLOTS_AT } from "@weir/programs/sets";
import { capacityOf, withFactors } from "./building.ts";
import type { Added, BuildOptions, Removed } from "./set-change.ts";
import { FORMAT_MACS, OWN_CAPACITY, OWN_COUNT, OWN_FORMAT, OWN_PENDING } from "./set-format.ts";
import { checkFormat, SetMemory } from "./set-memory.ts";
import { MAIN_TABLE, SlotTable, SPARSE, slotPagesFor } from "./slot-table.ts";

const SLOTS_AT = 1;
/** `SLOT_USED_BIT`, in the upper half of a slot; and a slot whose address was taken out, which a search goes on behind. */
const USED = 0x1_0000;
const LEFT = 0x2_0000;
const HALF = 0x1_0000_0000;
const FORM = {
  keyHigh: 0xffff_ffff,
  keyLow: 0xffff_ffff,
  emptyMask: 0xffff_ffff,
  emptyHigh: LEFT,
  emptyLow: 0,
  ...MAIN_TABLE,
} as const;

/**
 * A named set of hardware addresses, in the memory of its map: a hash table, whose slots are also the list of what is in it. Addresses are numbers of
 * 48 bits. As with {@link Ipv4Set}, it may be changed, by one process at a time, while programs look it up.
 *
 * @example
 * ```ts
 * const memory = new Uint8Array(MacSet.pagesFor(100) * 4096);
 * const set = MacSet.build(memory, Float64Array.of(0x0200_5e10_0001), { random: 1n });
 * ```
 * @see packages/programs/src/kernel/sets/mac-set.bpf.ts
 */
export class MacSet {
  readonly #memory: SetMemory;
  readonly #slots: SlotTable;

  private constructor(memory: SetMemory) {
    this.#memory = memory;
    this.#slots = new SlotTable(memory, FORM);
  }

  /** Elements that the map of a set for so many addresses has: pages of 4,096 bytes, 20 bytes for each address. */
  static pagesFor(capacity: number): number {
    return SLOTS_AT + slotPagesFor(capacity, SPARSE);
  }

  /** Fills memory that is all zeros, and that no program reads yet; "grow" when there are more addresses than it has room for. */
  static build(memory: Uint8Array, macs: Float64Array, { random }: Pick<BuildOptions, "random">): MacSet | "grow" {
    const pages = new SetMemory(memory);
    const capacity = capacityOf(pages.pages, MacSet.pagesFor);
    return withFactors(pages, random, (factor) => {
      pages.setHeader(HEADER_FACTOR, factor);
      pages.setHeader(HEADER_SLOT_PAGES, BigInt(pages.pages - SLOTS_AT));
      pages.setHeader(HEADER_SLOTS_AT, BigInt(SLOTS_AT));
      pages.setOwn(OWN_CAPACITY, capacity);
      pages.setOwn(OWN_FORMAT, FORMAT_MACS);
      const set = new MacSet(pages);
      return macs.every((mac) => set.add(mac) !== "grow") ? set : undefined;
    });
  }

  /** The set in memory that one was built in. @throws {RangeError} when the memory holds no set of this kind */
  static open(memory: Uint8Array): MacSet {
    const pages = new SetMemory(memory);
    checkFormat(pages, FORMAT_MACS, "a set of hardware addresses");
    const set = new MacSet(pages);
    // A process that is no more may have begun a change: the count follows from the slots.
    if (pages.own(OWN_PENDING) !== 0) set.#endWith(set.entries().length);
    return set;
  }

  /** How many addresses it has. */
  get size(): number {
    return this.#memory.own(OWN_COUNT);
  }

  /** How many it has room for, about: some may find no place before. */
  get capacity(): number {
    return this.#memory.own(OWN_CAPACITY);
  }

  /** Whether the program finds an address in the set. */
  has(mac: number): boolean {
    return this.#find(mac) >= 0;
  }

  /** Adds an address, by one store, while programs look the set up. */
  add(mac: number): Added {
    if (this.#find(mac) >= 0) return "present";
    const { free } = this.#slots;
    if (free < 0 || this.size === this.capacity) return "grow";
    this.#memory.setOwn(OWN_PENDING, 1);
    this.#memory.publish(free, Math.floor(mac / HALF) + USED, mac % HALF);
    this.#endWith(this.size + 1);
    return "added";
  }

  /** Takes an address out, by one store, while programs look the set up. */
  remove(mac: number): Removed {
    const slot = this.#find(mac);
    if (slot < 0) return "absent";
    this.#memory.setOwn(OWN_PENDING, 1);
    this.#memory.publish(slot, LEFT, 0);
    this.#endWith(this.size - 1);
    return "removed";
  }

  /** The addresses, in order. */
  entries(): Float64Array {
    const { halves } = this.#memory;
    const all: number[] = [];
    const [from, to] = this.#slots.range;
    for (let slot = from; slot < to; slot++) {
      const high = halves[slot * 2 + 1] ?? 0;
      if (high >= USED && high < LEFT) all.push((high - USED) * HALF + (halves[slot * 2] ?? 0));
    }
    return Float64Array.from(all).sort();
  }

  #endWith(count: number): void {
    this.#memory.setOwn(OWN_COUNT, count);
    this.#memory.setOwn(OWN_PENDING, 0);
  }

  #find(mac: number): number {
    const high = Math.floor(mac / HALF) + USED;
    const low = mac % HALF;
    return this.#slots.find(high, low, high, low);
  }
}
