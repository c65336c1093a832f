import type { u32, u64 } from "@weir/bytecode/layout";
import { arrayMap, globalFunction } from "@weir/compiler/language";
import {
  NET_ALL,
  NET_NONE,
  NET_SOME,
  PAGE_UNITS,
  SET_PROBES,
  SetPage,
  SLOT_LEAF,
  SLOT_RANGES,
  UNIT_WORDS,
} from "../../records/sets.ts";
import { afterState, netState, slotsOf } from "./set-slots.bpf.ts";
import { hasTimed, inTimed } from "./timed.bpf.ts";

export const IPV4_SET = arrayMap({ value: SetPage, maxEntries: 65, mmapable: true });

function inSlot(slot: u64, last: u32): u32 {
  const kind = (slot >> 32) & 255;
  const low = slot as u32;
  if (kind === SLOT_LEAF) {
    const page = IPV4_SET.lookup(low / PAGE_UNITS);
    if (page === null) return 0;
    return ((page.words[(low & (PAGE_UNITS - 1)) * UNIT_WORDS + (last >> 6)] >> (last & 63)) & 1) as u32;
  }
  if (kind !== SLOT_RANGES) return 0;
  const first = low & 255;
  const second = (low >> 16) & 255;
  if (last >= first && last <= ((low >> 8) & 255)) return 1;
  return last >= second && last <= low >> 24 ? 1 : 0;
}

/** Looks for an address in the slots of its net, which has a state of `NET_SOME` or more. */
function isInSlots(address: u32, state: u32): u32 {
  const wanted: u64 = address >> 8;
  return slotsOf(IPV4_SET, (wanted << 2) | afterState(state), (page, first) => {
    for (let probe: u32 = 0; probe < SET_PROBES; probe++) {
      const slot = page.words[(first + probe) & 511];
      if (slot >> 40 === wanted) return inSlot(slot, address & 255);
      if (slot === 0) return 0;
    }
    return 0;
  });
}

/** Whether an address is in the set, which the state of its net does not tell. */
const search_ipv4_set = globalFunction((address: u32, state: u32): u32 => {
  if (state >= NET_SOME && isInSlots(address, state) !== 0) return 1;
  return inTimed(IPV4_SET, (address as u64) << 32, 0);
});

/** Whether an address is in the set. Small enough to be a part of what asks: most addresses are in nets of which all or nothing is in a set. */
export const in_ipv4_set = globalFunction((address: u32): u32 => {
  const state = netState(IPV4_SET, address >> 8);
  if (state === NET_ALL) return 1;
  if (state === NET_NONE && !hasTimed(IPV4_SET)) return 0;
  return search_ipv4_set(address, state);
});
