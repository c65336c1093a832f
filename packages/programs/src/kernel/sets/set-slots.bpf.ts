import type { u32, u64, Value } from "@weir/bytecode/layout";
import { type ArrayMap, view } from "@weir/compiler/language";
import {
  DIRECTORY_AT,
  DIRECTORY_BLOCK,
  DirectoryPage,
  HEADER_FACTOR,
  HEADER_SLOT_PAGES,
  HEADER_SLOTS_AT,
  NET_SOME,
  PAGE_UNITS,
  type SetPage,
  UNIT_WORDS,
} from "../../records/sets.ts";
import { weakMemory } from "../settings.bpf.ts";

type Page = Value<typeof SetPage>;
export type SetMap = ArrayMap<Page>;

/** The state of the net that the first 24 bits of an address name. */
export function netState(map: SetMap, net: u32): u32 {
  const directory = map.lookup(DIRECTORY_AT + (net >> 18));
  if (directory === null) return 0;
  const entry = view(directory, DirectoryPage).entries[(net >> 8) & 1023];
  if (entry < DIRECTORY_BLOCK) return entry;
  const page = map.lookup(entry / PAGE_UNITS);
  if (page === null) return 0;
  const word = page.words[(entry & (PAGE_UNITS - 2)) * UNIT_WORDS + ((net >> 5) & 7)];
  return ((word >> ((net & 31) << 1)) & 3) as u32;
}

/**
 * Calls `found` with the page of slots of a key, and the slot of it where the search begins: the upper half of the product says which page, and
 * what it leaves over which slot. Words of the header say how many pages there are, and which is the first.
 */
export function slotsIn(map: SetMap, key: u64, pages: u32, at: u32, found: (page: Page, first: u32) => u32): u32 {
  const header = map.lookup(0);
  if (header === null) return 0;
  const scaled: u64 = ((key * header.words[HEADER_FACTOR]) >> 32) * header.words[pages];
  const page = map.lookup((header.words[at] + (scaled >> 32)) as u32);
  if (page === null) return 0;
  return found(page, (scaled >> 23) as u32);
}

/** As `slotsIn`, of the table that a set has for all its entries. */
export function slotsOf(map: SetMap, key: u64, found: (page: Page, first: u32) => u32): u32 {
  return slotsIn(map, key, HEADER_SLOT_PAGES, HEADER_SLOTS_AT, found);
}

/**
 * 2, of a state of 2 or 3, on arm64 in a way that makes it depend on the state. A part of the key, it keeps that from reading the slot before the
 * state, which would be a slot as it was before the net got one; neither the compiler nor the kernel's finds out that it is constant. x86-64 does
 * not show loads in another order, and may look for the slot while it waits for the state.
 */
export function afterState(state: u32): u32 {
  return weakMemory === 0 ? NET_SOME : state & (state ^ 1);
}
