import { type u32, u64 } from "@weir/bytecode/layout";
import { jiffies } from "@weir/compiler/language";
import {
  HEADER_TIMED_AT,
  HEADER_TIMED_LENGTHS,
  HEADER_TIMED_PAGES,
  PAGE_UNITS,
  TIMED_LENGTHS,
  TIMED_MIX,
  TIMED_PROBES,
  UNIT_WORDS,
} from "../../records/sets.ts";
import { type SetMap, slotsIn } from "./set-slots.bpf.ts";

/** All ones, but for so many bits from below, at most 64: in two steps, since a shift by 64 is none. */
function onesAbove(bits: u32): u64 {
  const half = (bits >> 1) & 63;
  return (u64.of(0xffff_ffff_ffff_ffffn) << half) << ((bits - half) & 63);
}

/** The unit of the only record whose slot has the tag of a key; 0 when there is none. */
function recordOf(map: SetMap, key: u64): u32 {
  return slotsIn(map, key, HEADER_TIMED_PAGES, HEADER_TIMED_AT, (page, first) => {
    for (let probe: u32 = 0; probe < TIMED_PROBES; probe++) {
      const slot = page.words[(first + probe) & 511];
      if (slot === 0) return 0;
      if (slot >> 32 === key >> 32) return slot as u32;
    }
    return 0;
  });
}

/** Whether there is a prefix with these first bits that has not ended. Its slot has the number of the record, so that it is read after the slot on arm64, too. */
function inLength(map: SetMap, high: u64, low: u64, length: u32): boolean {
  const unit = recordOf(map, high + low * u64.of(TIMED_MIX) + length);
  if (unit === 0) return false;
  const page = map.lookup(unit / PAGE_UNITS);
  if (page === null) return false;
  const at = (unit & (PAGE_UNITS - 1)) * UNIT_WORDS;
  const isOther = (page.words[at] ^ high) | (page.words[at + 1] ^ low) | (page.words[at + 2] ^ length);
  return isOther === 0 && jiffies() < page.words[at + 3];
}

/** Whether a set has entries that end. */
export function hasTimed(map: SetMap): boolean {
  const header = map.lookup(0);
  return header !== null && header.words[HEADER_TIMED_LENGTHS] !== 0;
}

/**
 * Whether an entry that ends, and has not ended yet, contains an address: an IPv4 address is the upper half of `high`. Each length that such
 * entries have is looked up; there are at most eight.
 */
export function inTimed(map: SetMap, high: u64, low: u64): u32 {
  const header = map.lookup(0);
  if (header === null) return 0;
  let lengths = header.words[HEADER_TIMED_LENGTHS];
  for (let count: u32 = 0; count < TIMED_LENGTHS; count++) {
    // 0 ends the list: each is one more than it is.
    if ((lengths & 255) === 0) return 0;
    const length = ((lengths & 255) as u32) - 1;
    const inHigh: u32 = length < 64 ? length : 64;
    const keptHigh = high & onesAbove(64 - inHigh);
    const keptLow = low & onesAbove(64 - (length - inHigh));
    if (inLength(map, keptHigh, keptLow, length)) return 1;
    lengths >>= 8;
  }
  return 0;
}
