/**
 * Takes the next of many addresses, and looks it up in one of the ways that are compared; or not at all, which is what the others are compared with.
 */
import { be32, struct, u32, u64 } from "@weir/bytecode/layout";
import { arrayMap, config, hashMap, htonl, htonll, lpmMap, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
import { in_ipv4_set } from "../src/kernel/sets/ipv4-set.bpf.ts";
import { in_ipv6_set } from "../src/kernel/sets/ipv6-set.bpf.ts";
import { Address6, Asked } from "./sets-records.ts";

/** 0: nothing; 1: the set; 2: a trie of prefixes; 3: a hash map; 4 and 5: IPv6, the set and a trie. */
const way = config("way", u32, 0);
/** Addresses in use, a power of 2, less 1. */
const last = config("last", u32, 0);

export const ROUND = arrayMap({ value: struct({ count: u64 }), maxEntries: 1 });
export const ASKED = arrayMap({ value: Asked, maxEntries: 256, mmapable: true });
export const TRIE = lpmMap({ key: be32, value: u32, maxEntries: 1 });
export const TRIE6 = lpmMap({ key: Address6, value: u32, maxEntries: 1 });
export const HASH = hashMap({ key: u32, value: u32, maxEntries: 1 });

function isIn(high: u64, low: u64): boolean {
  const address = low as u32;
  if (way === 1) return in_ipv4_set(address) !== 0;
  if (way === 2) return TRIE.lookup(htonl(address)) !== null;
  if (way === 3) return HASH.lookup(address) !== null;
  if (way === 4) return in_ipv6_set(high, low) !== 0;
  if (way === 5) return TRIE6.lookup({ high: htonll(high), low: htonll(low) }) !== null;
  return (high ^ low) === 1;
}

export const look_up = xdp(() => {
  const round = ROUND.lookup(0);
  if (round === null) return XDP_PASS;
  round.count += 1;
  const index = (round.count as u32) & last & 0x1_ffff;
  const asked = ASKED.lookup(index >> 9);
  if (asked === null) return XDP_PASS;
  return isIn(asked.high[index & 511], asked.low[index & 511]) ? XDP_DROP : XDP_PASS;
});
