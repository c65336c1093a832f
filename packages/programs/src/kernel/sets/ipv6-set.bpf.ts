import type { u32, u64 } from "@weir/bytecode/layout";
import { arrayMap, globalFunction } from "@weir/compiler/language";
import {
  NET_ALL,
  NET_NONE,
  NET_SOME,
  PAGE_UNITS,
  SET_HALVINGS,
  SET_PROBES,
  SetPage,
  SLOT_ONE,
  UNIT_WORDS,
} from "../../records/sets.ts";
import { afterState, netState, slotsOf } from "./set-slots.bpf.ts";
import { hasTimed, inTimed } from "./timed.bpf.ts";

export const IPV6_SET = arrayMap({ value: SetPage, maxEntries: 65, mmapable: true });

/**
 * 1 where a number is less than another one, 0 where it is not: the borrow of their difference. A comparison would tell the verifier something else of
 * the address on each side, and it would follow both from then on, for each interval again.
 */
function isLess(a: u64, b: u64): u64 {
  return ((~a & b) | ((~a | b) & (a - b))) >> 63;
}

/** 1 where an address is before another one. */
function isBefore(high: u64, low: u64, otherHigh: u64, otherLow: u64): u64 {
  return (high ^ otherHigh) === 0 ? isLess(low, otherLow) : isLess(high, otherHigh);
}

/** Whether the only interval of a group has the address. */
function inOne(group: u32, high: u64, low: u64): u32 {
  const unit = group + 1;
  const page = IPV6_SET.lookup(unit / PAGE_UNITS);
  if (page === null) return 0;
  const at = (unit & (PAGE_UNITS - 1)) * UNIT_WORDS;
  if (high < page.words[at] || (high === page.words[at] && low < page.words[at + 1])) return 0;
  return high < page.words[at + 2] || (high === page.words[at + 2] && low <= page.words[at + 3]) ? 1 : 0;
}

/**
 * Whether an interval of a group has the address. A group is a unit with the number of its intervals, and behind it these, in order:
 * first and last address, each in two words.
 */
function inGroup(group: u32, high: u64, low: u64): u32 {
  const head = IPV6_SET.lookup(group / PAGE_UNITS);
  if (head === null) return 0;
  let from: u32 = 0;
  let to = head.words[(group & (PAGE_UNITS - 1)) * UNIT_WORDS] as u32;
  for (let halving: u32 = 0; halving < SET_HALVINGS && from < to; halving++) {
    const middle = (from + to) >> 1;
    const unit = group + 1 + middle;
    const page = IPV6_SET.lookup(unit / PAGE_UNITS);
    if (page === null) return 0;
    const at = (unit & (PAGE_UNITS - 1)) * UNIT_WORDS;
    const before = isBefore(high, low, page.words[at], page.words[at + 1]);
    if ((before | isBefore(page.words[at + 2], page.words[at + 3], high, low)) === 0) return 1;
    // Without a jump, which nobody could predict.
    const keep: u32 = 0 - (before as u32);
    from = (from & keep) | ((middle + 1) & ~keep);
    to = (middle & keep) | (to & ~keep);
  }
  return 0;
}

/** Looks for an address in the group of its first 32 bits; their net has a state of `NET_SOME` or more. */
function isInGroups(high: u64, low: u64, state: u32): u32 {
  const wanted = high >> 32;
  const group = slotsOf(IPV6_SET, (wanted << 2) | afterState(state), (page, first) => {
    for (let probe: u32 = 0; probe < SET_PROBES; probe++) {
      const slot = page.words[(first + probe) & 511];
      if (slot === 0) return 0;
      if (slot >> 32 === wanted) return slot as u32;
    }
    return 0;
  });
  if (group === 0) return 0;
  return group >= SLOT_ONE ? inOne(group - SLOT_ONE, high, low) : inGroup(group, high, low);
}

/** Whether an address is in the set, which the state of its net does not tell. */
const search_ipv6_set = globalFunction((high: u64, low: u64, state: u32): u32 => {
  if (state >= NET_SOME && isInGroups(high, low, state) !== 0) return 1;
  return inTimed(IPV6_SET, high, low);
});

/** Whether an address is in the set: its first and its last eight bytes, as numbers. Small enough to be a part of what asks. */
export const in_ipv6_set = globalFunction((high: u64, low: u64): u32 => {
  const state = netState(IPV6_SET, (high >> 40) as u32);
  if (state === NET_ALL) return 1;
  if (state === NET_NONE && !hasTimed(IPV6_SET)) return 0;
  return search_ipv6_set(high, low, state);
});
