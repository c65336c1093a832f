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
import { blockUnits } from "./net-states.ts";
import { headBits, listHalves } from "./prefix-list.ts";
import {
  OWN_CAPACITY,
  OWN_HEAD_BITS,
  OWN_HEADS_AT,
  OWN_NODE_NEXT,
  OWN_NODES_AT,
  OWN_UNIT_END,
  OWN_UNIT_NEXT,
  OWN_WAITING_AT,
} from "./set-format.ts";
import type { SetMemory } from "./set-memory.ts";
import { DENSE, slotPagesFor } from "./slot-table.ts";
import { timedPages, timedRoom } from "./timed-entries.ts";
import { WAITING_ROOM } from "./units.ts";

const PAGE_HALVES = PAGE_WORDS * 2;
const SLOTS_AT = DIRECTORY_AT + DIRECTORY_PAGES;

/** What a set of prefixes has to have room for. */
export interface PrefixSetRoom {
  readonly capacity: number;
  readonly slots: number;
  /** Units besides those for the states of nets, and for prefixes that end. */
  readonly units: number;
  /** 32-bit numbers of an address. */
  readonly words: number;
}

/** Where what lies in the memory of a set, in pages. */
export interface PrefixSetLayout {
  readonly capacity: number;
  readonly timedAt: number;
  readonly unitsAt: number;
  readonly listAt: number;
  readonly pages: number;
}

export function layoutOf({ capacity, slots, units, words }: PrefixSetRoom): PrefixSetLayout {
  const timedAt = SLOTS_AT + slotPagesFor(slots, DENSE);
  const unitsAt = timedAt + timedPages(capacity);
  const listAt = unitsAt + Math.ceil((units + blockUnits(capacity) + timedRoom(capacity)) / PAGE_UNITS);
  const list = WAITING_ROOM * 2 + listHalves(capacity, words);
  return { capacity, timedAt, unitsAt, listAt, pages: listAt + Math.ceil(list / PAGE_HALVES) };
}

/** Writes into memory that is all zeros where everything is; which kind of set it is comes last, when all is there. */
export function writeLayout(
  pages: SetMemory,
  { capacity, timedAt, unitsAt, listAt }: PrefixSetLayout,
  factor: bigint,
): void {
  pages.setHeader(HEADER_FACTOR, factor);
  pages.setHeader(HEADER_SLOT_PAGES, BigInt(timedAt - SLOTS_AT));
  pages.setHeader(HEADER_SLOTS_AT, BigInt(SLOTS_AT));
  pages.setHeader(HEADER_TIMED_PAGES, BigInt(unitsAt - timedAt));
  pages.setHeader(HEADER_TIMED_AT, BigInt(timedAt));
  const list = listAt * PAGE_HALVES;
  const heads = list + WAITING_ROOM * 2;
  pages.setOwn(OWN_CAPACITY, capacity);
  pages.setOwn(OWN_UNIT_NEXT, unitsAt * PAGE_UNITS);
  pages.setOwn(OWN_UNIT_END, listAt * PAGE_UNITS);
  pages.setOwn(OWN_WAITING_AT, list);
  pages.setOwn(OWN_HEAD_BITS, headBits(capacity));
  pages.setOwn(OWN_HEADS_AT, heads);
  pages.setOwn(OWN_NODES_AT, heads + 2 ** headBits(capacity));
  pages.setOwn(OWN_NODE_NEXT, 1);
}
