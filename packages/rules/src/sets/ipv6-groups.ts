import { NET_ALL, NET_NONE, NET_SOME, SLOT_ONE, UNIT_WORDS } from "@weir/programs/sets";
import { compare, INTERVAL_HALVES, type Intervals } from "./intervals.ts";
import { NetStates } from "./net-states.ts";
import type { SetMemory } from "./set-memory.ts";
import { MAIN_TABLE, SlotTable } from "./slot-table.ts";
import { type Units, unitClass } from "./units.ts";

const UNIT_HALVES = UNIT_WORDS * 2;
/** Groups of one net: nets have 24 bits, groups 32. */
const NET_GROUPS = 256;

/** What a group has: no address, all of them, or those of some intervals. */
export type GroupContents = "none" | "all" | Intervals;

/**
 * What the program looks up of an IPv6 set: the state of each net of 24 bits, and for those of which some addresses are in the set, a slot for each
 * group of 32 bits, with a record: the number of a unit that counts the intervals behind it, and a mark where it is one. Two are there from the start: one without an interval, one with all.
 *
 * Changes are ordered as those of `Ipv4Nets` are. A record never changes: another one is written beside it.
 */
export class Ipv6Groups {
  readonly #memory: SetMemory;
  readonly #states: NetStates;
  readonly #slots: SlotTable;
  readonly #units: Units;
  readonly #settle: () => void;
  readonly #none: number;
  readonly #all: number;

  /** @param firstUnit of the memory for records: the two that are always there */
  constructor(memory: SetMemory, firstUnit: number, units: Units, settle: () => void) {
    this.#memory = memory;
    this.#none = firstUnit;
    this.#all = firstUnit + 1 + SLOT_ONE;
    this.#units = units;
    this.#states = new NetStates(memory, this.#units);
    this.#slots = new SlotTable(memory, {
      keyHigh: 0xffff_ffff,
      keyLow: 0,
      emptyMask: 0,
      emptyHigh: 0,
      emptyLow: this.#none,
      ...MAIN_TABLE,
    });
    this.#settle = settle;
  }

  /** Units of the records that are always there. */
  static readonly fixedUnits = 3;

  /** Writes the records that are always there. */
  static begin(memory: SetMemory, firstUnit: number): void {
    memory.halves[(firstUnit + 1) * UNIT_HALVES] = 1;
    memory.halves.fill(0xffff_ffff, (firstUnit + 2) * UNIT_HALVES + 4, (firstUnit + 3) * UNIT_HALVES);
  }

  has(words: ArrayLike<number>): boolean {
    const group = words[0] ?? 0;
    const state = this.#states.get(group >>> 8);
    if (state < NET_SOME) return state === NET_ALL;
    const slot = this.#find(group);
    if (slot < 0) return false;
    const { halves } = this.#memory;
    const unit = unitOf(halves[slot * 2] ?? 0);
    let from = 0;
    let to = halves[unit * UNIT_HALVES] ?? 0;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const at = (unit + 1) * UNIT_HALVES + middle * INTERVAL_HALVES;
      if (compare(words, halves, at) < 0) to = middle;
      else if (compare(words, halves, at + 4) > 0) from = middle + 1;
      else return true;
    }
    return false;
  }

  /** Sets the state of a net; false when there is no room. */
  setState(net: number, state: number): boolean {
    return this.#states.get(net) === state || this.#states.set(net, state);
  }

  /** Makes all addresses of the nets from one to before another members; false when there is no room. */
  setAll(from: number, to: number): boolean {
    if (to === from + 1 && this.#states.get(from) === NET_ALL) return true;
    let some = 0;
    this.#states.eachSome(from, to, () => {
      some += 1;
    });
    // For programs that have read the state before, and to give back what is not needed any more.
    if (some > 0) {
      this.#eachSlot(from, to, (slot, group) => {
        if (this.#states.get(group >>> 8) === NET_SOME) this.#setRecord(slot, group, this.#all);
      });
    }
    return this.#states.setRange(from, to, NET_ALL);
  }

  /** Makes no address a member of any net from one to before another. What slots they have goes with `clearSlots`. */
  setNone(from: number, to: number): boolean {
    return this.#states.setRange(from, to, NET_NONE);
  }

  /** Empties the slots of nets, from one to before another, that have no members any more. */
  clearSlots(from: number, to: number): void {
    this.#eachSlot(from, to, (slot, group) => {
      if (this.#states.get(group >>> 8) === NET_NONE) this.#setRecord(slot, group, this.#none);
    });
  }

  /** Whether any group of a net has members. */
  hasMembers(net: number): boolean {
    for (let group = net * NET_GROUPS; group < (net + 1) * NET_GROUPS; group++) {
      const slot = this.#find(group);
      if (slot >= 0 && this.#memory.halves[slot * 2] !== this.#none) return true;
    }
    return false;
  }

  /** Makes just these addresses of a group members; false when there is no room, and nothing has changed. */
  set(group: number, contents: GroupContents): boolean {
    let slot = this.#find(group);
    if (slot < 0) {
      if (contents === "none") return true;
      if (this.#slots.free < 0) {
        this.#dropFilled();
        slot = this.#find(group);
      }
      if (slot < 0) slot = this.#slots.free;
      if (slot < 0) return false;
    }
    const record = this.#recordOf(contents);
    if (record === 0) return false;
    this.#setRecord(slot, group, record);
    return true;
  }

  #recordOf(contents: GroupContents): number {
    if (contents === "none") return this.#none;
    if (contents === "all") return this.#all;
    const unit = this.#units.take(unitClass(contents.count + 1));
    if (unit === 0) return 0;
    this.#memory.halves[unit * UNIT_HALVES] = contents.count;
    this.#memory.halves.set(contents.halves, (unit + 1) * UNIT_HALVES);
    return contents.count === 1 ? unit + SLOT_ONE : unit;
  }

  /** Publishes a slot, and gives back the record that it had. */
  #setRecord(slot: number, group: number, record: number): void {
    const { halves } = this.#memory;
    const isOwn = halves[slot * 2 + 1] === group;
    const before = isOwn ? (halves[slot * 2] ?? 0) : 0;
    if (before === record && isOwn) return;
    this.#memory.publish(slot, group, record);
    if (before === 0 || before === this.#none || before === this.#all) return;
    const unit = unitOf(before);
    this.#units.giveBack(unit, unitClass((halves[unit * UNIT_HALVES] ?? 0) + 1));
  }

  /** Empties the slots of nets that are members with all their addresses, once no program can be looking for one. */
  #dropFilled(): void {
    this.#settle();
    this.#eachSlot(0, 2 ** 24, (slot, group) => {
      if (this.#states.get(group >>> 8) === NET_ALL) this.#setRecord(slot, group, this.#none);
    });
  }

  /** Calls with each slot that means something, of a group of nets from one to before another. */
  #eachSlot(from: number, to: number, call: (slot: number, group: number) => void): void {
    const { halves } = this.#memory;
    const [start, end] = this.#slots.range;
    for (let slot = start; slot < end; slot++) {
      const record = halves[slot * 2] ?? 0;
      const group = halves[slot * 2 + 1] ?? 0;
      if (record !== 0 && record !== this.#none && group >>> 8 >= from && group >>> 8 < to) call(slot, group);
    }
  }

  #find(group: number): number {
    return this.#slots.find(group >>> 30, ((group << 2) | NET_SOME) >>> 0, group, 0);
  }
}

/** The unit that a record's number names, without the mark. */
const unitOf = (record: number): number => record % SLOT_ONE;
