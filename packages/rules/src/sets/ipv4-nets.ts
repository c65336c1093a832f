import { NET_ALL, NET_NONE, NET_SOME, SLOT_LEAF, SLOT_RANGES, UNIT_WORDS } from "@weir/programs/sets";
import { ALL_RANGES, EMPTY_RANGES, isInRanges, type LastBytes, rangesOf } from "./last-bytes.ts";
import { NetStates } from "./net-states.ts";
import type { SetMemory } from "./set-memory.ts";
import { MAIN_TABLE, SlotTable } from "./slot-table.ts";
import type { Units } from "./units.ts";

const FORM = {
  keyHigh: 0xffff_ff00,
  keyLow: 0,
  emptyMask: 0xff,
  emptyHigh: SLOT_RANGES,
  emptyLow: EMPTY_RANGES,
  ...MAIN_TABLE,
} as const;

/**
 * What the program looks up of an IPv4 set: the state of each net of 24 bits, and for those of which some addresses are in the set, a slot.
 *
 * **Order of changes.** A slot is published before the state that sends programs to it; it loses its meaning only after that state is gone, and then
 * only for a net of which no address was in the set all the time. What a slot points at is complete before the slot, and is not used again
 * before the programs have ended that may have read the slot. A leaf changes word by word. So a program finds an address that was in the set before
 * and after, whichever of the stores it sees; on arm64, where loads may overtake each other, each of the program's loads has an address that follows from the one before.
 */
export class Ipv4Nets {
  readonly #memory: SetMemory;
  readonly #states: NetStates;
  readonly #slots: SlotTable;
  readonly #units: Units;
  readonly #settle: () => void;

  constructor(memory: SetMemory, units: Units, settle: () => void) {
    this.#memory = memory;
    this.#units = units;
    this.#states = new NetStates(memory, this.#units);
    this.#slots = new SlotTable(memory, FORM);
    this.#settle = settle;
  }

  has(address: number): boolean {
    const net = address >>> 8;
    const last = address & 255;
    const state = this.#states.get(net);
    if (state < NET_SOME) return state === NET_ALL;
    const slot = this.#find(net);
    if (slot < 0) return false;
    const { halves } = this.#memory;
    const low = halves[slot * 2] ?? 0;
    const kind = (halves[slot * 2 + 1] ?? 0) & 255;
    if (kind === SLOT_RANGES) return isInRanges(low, last);
    return (((halves[low * UNIT_WORDS * 2 + (last >>> 5)] ?? 0) >>> (last & 31)) & 1) === 1;
  }

  /** Makes all addresses of the nets from one to before another members; false when there is no room. */
  setAll(from: number, to: number): boolean {
    if (to === from + 1 && this.#states.get(from) === NET_ALL) return true;
    this.#states.eachSome(from, to, (net) => this.#fillSlot(net));
    return this.#states.setRange(from, to, NET_ALL);
  }

  /** Makes no address a member of any net from one to before another. What slots they have goes with `clearSlots`. */
  setNone(from: number, to: number): boolean {
    return this.#states.setRange(from, to, NET_NONE);
  }

  /** Empties the slots of nets, from one to before another, that have no members any more. */
  clearSlots(from: number, to: number): void {
    const { halves } = this.#memory;
    const [start, end] = this.#slots.range;
    for (let slot = start; slot < end; slot++) {
      const high = halves[slot * 2 + 1] ?? 0;
      const net = high >>> 8;
      if (high === 0 || net < from || net >= to || this.#states.get(net) !== NET_NONE) continue;
      if (halves[slot * 2] !== EMPTY_RANGES || (high & 255) !== SLOT_RANGES) this.#empty(slot, net);
    }
  }

  /** Makes just these addresses of a net members; false when there is no room, and nothing has changed. */
  set(net: number, bits: LastBytes): boolean {
    if (bits.every((word) => word === 0)) {
      if (!this.#states.setRange(net, net + 1, NET_NONE)) return false;
      this.#clear(net);
      return true;
    }
    if (bits.every((word) => word === 0xffff_ffff)) return this.setAll(net, net + 1);
    if (!this.#setSlot(net, bits)) return false;
    return this.#states.get(net) === NET_SOME || this.#states.set(net, NET_SOME);
  }

  /** As `set`, of a net that has no addresses yet, and that no program reads. */
  build(net: number, ranges: number | undefined, bits: LastBytes): boolean {
    this.#find(net);
    const slot = this.#slots.free;
    if (slot < 0) return false;
    const { halves } = this.#memory;
    if (ranges === undefined) {
      const leaf = this.#units.take(0);
      if (leaf === 0) return false;
      halves.set(bits, leaf * UNIT_WORDS * 2);
      halves[slot * 2] = leaf;
      halves[slot * 2 + 1] = (net << 8) | SLOT_LEAF;
    } else {
      halves[slot * 2] = ranges;
      halves[slot * 2 + 1] = (net << 8) | SLOT_RANGES;
    }
    return this.#states.build(net, NET_SOME);
  }

  #find(net: number): number {
    return this.#slots.find(0, (net << 2) | NET_SOME, (net << 8) >>> 0, 0);
  }

  #setSlot(net: number, bits: LastBytes): boolean {
    const { halves } = this.#memory;
    let known = this.#find(net);
    if (known < 0 && this.#slots.free < 0) {
      this.#dropFilled();
      known = this.#find(net);
    }
    const slot = known < 0 ? this.#slots.free : known;
    if (slot < 0) return false;
    const leaf = known < 0 ? 0 : this.#leafOf(known);
    const ranges = rangesOf(bits);
    if (ranges !== undefined) {
      this.#memory.publish(slot, ((net << 8) | SLOT_RANGES) >>> 0, ranges);
      if (leaf !== 0) this.#units.giveBack(leaf, 0);
      return true;
    }
    if (leaf !== 0) {
      this.#changeLeaf(leaf, bits);
      return true;
    }
    const fresh = this.#units.take(0);
    if (fresh === 0) return false;
    halves.set(bits, fresh * UNIT_WORDS * 2);
    this.#memory.publish(slot, ((net << 8) | SLOT_LEAF) >>> 0, fresh);
    return true;
  }

  #changeLeaf(leaf: number, bits: LastBytes): void {
    for (let word = 0; word < UNIT_WORDS; word++) {
      this.#memory.publish(leaf * UNIT_WORDS + word, bits[word * 2 + 1] ?? 0, bits[word * 2] ?? 0);
    }
  }

  #clear(net: number): void {
    const slot = this.#find(net);
    if (slot >= 0) this.#empty(slot, net);
  }

  #empty(slot: number, net: number): void {
    const leaf = this.#leafOf(slot);
    this.#memory.publish(slot, ((net << 8) | SLOT_RANGES) >>> 0, EMPTY_RANGES);
    if (leaf !== 0) this.#units.giveBack(leaf, 0);
  }

  /** Gives a net whose addresses will all be members a slot that says the same, for programs that have read its state before. */
  #fillSlot(net: number): void {
    const slot = this.#find(net);
    if (slot < 0) return;
    const leaf = this.#leafOf(slot);
    this.#memory.publish(slot, ((net << 8) | SLOT_RANGES) >>> 0, ALL_RANGES);
    if (leaf !== 0) this.#units.giveBack(leaf, 0);
  }

  /** Empties the slots of nets that are members with all their addresses, once no program can be looking for one. */
  #dropFilled(): void {
    const { halves } = this.#memory;
    this.#settle();
    const [from, to] = this.#slots.range;
    for (let slot = from; slot < to; slot++) {
      const high = halves[slot * 2 + 1] ?? 0;
      if (halves[slot * 2] !== ALL_RANGES || (high & 255) !== SLOT_RANGES) continue;
      if (this.#states.get(high >>> 8) === NET_ALL) this.#memory.publish(slot, high, EMPTY_RANGES);
    }
  }

  #leafOf(slot: number): number {
    const { halves } = this.#memory;
    return ((halves[slot * 2 + 1] ?? 0) & 255) === SLOT_LEAF ? (halves[slot * 2] ?? 0) : 0;
  }
}
