import type { u32, u64 } from "@weir/bytecode/layout";
import { arrayMap, globalFunction } from "@weir/compiler/language";
import { NET_SOME, PAGE_UNITS, SET_HALVINGS, SET_PROBES, SetPage, UNIT_WORDS } from "../../records/sets.ts";
import { afterState, netState, slotsOf } from "./set-slots.bpf.ts";

export const IPV6_SET = arrayMap({ value: SetPage, maxEntries: 65, mmapable: true });

/**
 * Whether an interval of a group has the address. A group is a unit with the number of its intervals, and behind it these, in order:
 * first and last address, each in two words.
 */
function inGroup(group: u32, high: u64, low: u64): u32 {
  const head = IPV6_SET.lookup(group / PAGE_UNITS);
  if (head === null) return 0;
  let from: u32 = 0;
  let to = head.words[(group & (PAGE_UNITS - 1)) * UNIT_WORDS] as u32;
  for (let halving: u32 = 0; halving < SET_HALVINGS; halving++) {
    if (from >= to) return 0;
    const middle = (from + to) >> 1;
    const unit = group + 1 + middle;
    const page = IPV6_SET.lookup(unit / PAGE_UNITS);
    if (page === null) return 0;
    const at = (unit & (PAGE_UNITS - 1)) * UNIT_WORDS;
    const firstHigh = page.words[at];
    const lastHigh = page.words[at + 2];
    if (high < firstHigh || (high === firstHigh && low < page.words[at + 1])) to = middle;
    else if (high > lastHigh || (high === lastHigh && low > page.words[at + 3])) from = middle + 1;
    else return 1;
  }
  return 0;
}

/** Whether an address is in the set: its first and its last eight bytes, as numbers. */
export const in_ipv6_set = globalFunction((high: u64, low: u64): u32 => {
  const state = netState(IPV6_SET, (high >> 40) as u32);
  if (state < NET_SOME) return state;
  const wanted = high >> 32;
  return slotsOf(IPV6_SET, (wanted << 2) | afterState(state), (page, first) => {
    for (let probe: u32 = 0; probe < SET_PROBES; probe++) {
      const slot = page.words[(first + probe) & 511];
      if (slot === 0) return 0;
      if (slot >> 32 === wanted) return inGroup(slot as u32, high, low);
    }
    return 0;
  });
});
