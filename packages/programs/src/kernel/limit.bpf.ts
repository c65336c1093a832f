/**
 * Limits: the generic cell rate algorithm (ITU-T I.371), one time of 64 bits for each key, which all CPUs move on by comparing and exchanging.
 * The keys of sources and flows are in a table of buckets, each a line of the cache. An entry whose time is past is free: a
 * token bucket that is full says nothing. So nothing has to be cleaned up.
 */
import { u8, u32, u64, type Value } from "@weir/bytecode/layout";
import {
  arrayMap,
  atomicAdd,
  atomicCompareExchange,
  config,
  globalFunction,
  monotonicTime,
  ntohs,
  opaque,
  type XdpPacket,
} from "@weir/compiler/language";
import { EthernetHeader, VlanTag } from "../records/ethernet.ts";
import { Ipv4Words, Ipv6Words, PortsWord } from "../records/frame.ts";
import {
  type ArrivalTime,
  ENTRIES_PER_BUCKET,
  LIMIT_FLOW,
  LIMIT_RULE,
  LimitBucket,
  LimitNumbers,
} from "../records/limits.ts";
import { mix } from "./mix.bpf.ts";
import { countContended, countNoRoom, countOver, sharedCounts } from "./rule-counts.bpf.ts";

/** Whether there are limits. */
export const limiting = config("limiting", u8, 0);
/** Elements of map `RULE_LIMITS`. */
const buckets = config("limit_buckets", u32, 1);

/** The limits of this program. */
export const LIMITS = arrayMap({ value: LimitNumbers, maxEntries: 1 });
/** What the sources and flows of all limits have to their credit. */
export const RULE_LIMITS = arrayMap({ value: LimitBucket, maxEntries: 1, mmapable: true });

/**
 * Odd factors of the hash, random and kept with the table. A key is words of 32 bits, each with a factor of 64 bits of its own: then the upper
 * halves of two keys' sums are the same once in 2^31 at most (Dietzfelbinger, 1996), whatever the keys are, and those of two such sums
 * once in 2^62. Two keys are confused as seldom, so that the sums are all that is known of a key.
 */
const first0 = config("limit_key_0", u64, u64.of(0x9e37_79b9_7f4a_7c15n));
const first1 = config("limit_key_1", u64, u64.of(0x9e37_79b9_7f4a_7c15n));
const first2 = config("limit_key_2", u64, u64.of(0x9e37_79b9_7f4a_7c15n));
const first3 = config("limit_key_3", u64, u64.of(0x9e37_79b9_7f4a_7c15n));
const first4 = config("limit_key_4", u64, u64.of(0x9e37_79b9_7f4a_7c15n));
const first5 = config("limit_key_5", u64, u64.of(0x9e37_79b9_7f4a_7c15n));
const first6 = config("limit_key_6", u64, u64.of(0x9e37_79b9_7f4a_7c15n));
const first7 = config("limit_key_7", u64, u64.of(0x9e37_79b9_7f4a_7c15n));
const first8 = config("limit_key_8", u64, u64.of(0x9e37_79b9_7f4a_7c15n));
const first9 = config("limit_key_9", u64, u64.of(0x9e37_79b9_7f4a_7c15n));
const second0 = config("limit_key_10", u64, u64.of(0x9e37_79b9_7f4a_7c15n));
const second1 = config("limit_key_11", u64, u64.of(0x9e37_79b9_7f4a_7c15n));
const second2 = config("limit_key_12", u64, u64.of(0x9e37_79b9_7f4a_7c15n));
const second3 = config("limit_key_13", u64, u64.of(0x9e37_79b9_7f4a_7c15n));
const second4 = config("limit_key_14", u64, u64.of(0x9e37_79b9_7f4a_7c15n));
const second5 = config("limit_key_15", u64, u64.of(0x9e37_79b9_7f4a_7c15n));
const second6 = config("limit_key_16", u64, u64.of(0x9e37_79b9_7f4a_7c15n));
const second7 = config("limit_key_17", u64, u64.of(0x9e37_79b9_7f4a_7c15n));
const second8 = config("limit_key_18", u64, u64.of(0x9e37_79b9_7f4a_7c15n));
const second9 = config("limit_key_19", u64, u64.of(0x9e37_79b9_7f4a_7c15n));

const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const VLAN = 0x8100;
const SERVICE_VLAN = 0x88a8;
const OLD_SERVICE_VLAN = 0x9100;
const MAX_TAGS = 8;
const TCP = 6;
const UDP = 17;
const SCTP = 132;
/** The offset of a fragment, as it lies in the packet. */
const LATER_FRAGMENT = 0xff1f;

const WAYS_MASK = ENTRIES_PER_BUCKET - 1;
/** No entry: there are fewer. */
const NO_ROOM = 0xffff_ffff;
/** Times that the CPUs take turns at one key, before one goes on without knowing. */
const ATTEMPTS = 8;
const HALF = 0x8000;

const CONFORMS = 0;
export const OVER = 1;
const CONTENDED = 2;

type Numbers = Value<typeof LimitNumbers>;

/** Charges a frame, if it conforms. */
export function charge(arrival: Value<typeof ArrivalTime>, cost: u64, burst: u64, time: u64): u32 {
  let known = arrival.time;
  for (let attempt: u32 = 0; attempt < ATTEMPTS; attempt++) {
    const next = (known > time ? known : time) + cost;
    if (next - time > burst) return OVER;
    const found = atomicCompareExchange(arrival, "time", known, next);
    if (found === known) return CONFORMS;
    known = found;
  }
  atomicAdd(arrival, "time", cost);
  return CONTENDED;
}

/**
 * The entry of a key, in one of two buckets: the number of the bucket, and in the last bits that of the entry. A new key takes a free entry of
 * the emptier one. Only its tag is set, and two CPUs with new keys may take the same one at once: then one loses a frame's charge.
 */
function entryOf(tag: u64, firstBucket: u32, secondBucket: u32, time: u64): u32 {
  const first = RULE_LIMITS.lookup(firstBucket);
  const second = RULE_LIMITS.lookup(secondBucket);
  if (first === null || second === null) return NO_ROOM;
  for (let way: u32 = 0; way < ENTRIES_PER_BUCKET; way++) {
    if (first.entries[way].tag === tag) return firstBucket * ENTRIES_PER_BUCKET + way;
  }
  for (let way: u32 = 0; way < ENTRIES_PER_BUCKET; way++) {
    if (second.entries[way].tag === tag) return secondBucket * ENTRIES_PER_BUCKET + way;
  }
  for (let way: u32 = 0; way < ENTRIES_PER_BUCKET; way++) {
    const one = first.entries[way];
    const known = one.tag;
    if (known === tag) return firstBucket * ENTRIES_PER_BUCKET + way;
    if (one.arrival.time <= time) {
      const found = atomicCompareExchange(one, "tag", known, tag);
      if (found === known || found === tag) return firstBucket * ENTRIES_PER_BUCKET + way;
    }
    const other = second.entries[way];
    const knownToo = other.tag;
    if (knownToo === tag) return secondBucket * ENTRIES_PER_BUCKET + way;
    if (other.arrival.time <= time) {
      const found = atomicCompareExchange(other, "tag", knownToo, tag);
      if (found === knownToo || found === tag) return secondBucket * ENTRIES_PER_BUCKET + way;
    }
  }
  return NO_ROOM;
}

function hasPorts(protocol: u32): boolean {
  return protocol === TCP || protocol === UDP || protocol === SCTP;
}

/** Charges a frame to its source or flow, if it conforms. */
function chargeKey(packet: XdpPacket, limit: Numbers, slot: u32, cost: u64, time: u64): u32 {
  let kind: u64 = (limit.number as u64) << 10;
  let one: u64 = kind * first0;
  let two: u64 = kind * second0;
  const ethernet = packet.at(EthernetHeader, 0);
  if (ethernet !== null) {
    let type = ntohs(ethernet.etherType);
    let offset: u32 = 14;
    let tags: u32 = 0;
    while ((type === VLAN || type === SERVICE_VLAN || type === OLD_SERVICE_VLAN) && tags < MAX_TAGS) {
      const tag = packet.at(VlanTag, offset);
      if (tag === null) break;
      type = ntohs(tag.etherType);
      offset = opaque(offset + 4, tag, "control") & 0x3f;
      tags += 1;
    }
    if (type === IPV4) {
      const ip = packet.at(Ipv4Words, offset);
      if (ip !== null) {
        kind |= 1;
        const source: u64 = ip.source & limit.ipv4;
        one = source * first1;
        two = source * second1;
        if (limit.per === LIMIT_FLOW) {
          kind |= (ip.protocol as u64) << 2;
          const destination: u64 = ip.destination;
          one += destination * first5;
          two += destination * second5;
          if (hasPorts(ip.protocol) && (ip.fragment & LATER_FRAGMENT) === 0) {
            const ports = packet.at(PortsWord, offset + ((ip.versionAndLength & 15) << 2));
            if (ports !== null) {
              one += (ports.both as u64) * first9;
              two += (ports.both as u64) * second9;
            }
          }
        }
        one += kind * first0;
        two += kind * second0;
      }
    } else if (type === IPV6) {
      const ip = packet.at(Ipv6Words, offset);
      if (ip !== null) {
        kind |= 2;
        const source0: u64 = ip.source[0] & limit.ipv6[0];
        const source1: u64 = ip.source[1] & limit.ipv6[1];
        const source2: u64 = ip.source[2] & limit.ipv6[2];
        const source3: u64 = ip.source[3] & limit.ipv6[3];
        one = source0 * first1 + source1 * first2 + source2 * first3 + source3 * first4;
        two = source0 * second1 + source1 * second2 + source2 * second3 + source3 * second4;
        if (limit.per === LIMIT_FLOW) {
          kind |= (ip.nextHeader as u64) << 2;
          const to0: u64 = ip.destination[0];
          const to1: u64 = ip.destination[1];
          const to2: u64 = ip.destination[2];
          const to3: u64 = ip.destination[3];
          one += to0 * first5 + to1 * first6 + to2 * first7 + to3 * first8;
          two += to0 * second5 + to1 * second6 + to2 * second7 + to3 * second8;
          if (hasPorts(ip.nextHeader)) {
            const ports = packet.at(PortsWord, offset + 40);
            if (ports !== null) {
              one += (ports.both as u64) * first9;
              two += (ports.both as u64) * second9;
            }
          }
        }
        one += kind * first0;
        two += kind * second0;
      }
    }
  }
  // Each half says a bucket.
  const both = (two >> 32) | ((one >> 32) << 32);
  const mixed = mix(both, first0);
  const tag = mixed ^ (mixed >> 32);
  const firstBucket: u32 = (((tag >> 32) * buckets) >> 32) as u32;
  const secondBucket: u32 = (((tag & 0xffff_ffff) * buckets) >> 32) as u32;
  const place = entryOf(tag, firstBucket, secondBucket, time);
  if (place !== NO_ROOM) {
    const bucket = RULE_LIMITS.lookup(place / ENTRIES_PER_BUCKET);
    if (bucket !== null) return charge(bucket.entries[place & WAYS_MASK].arrival, cost, limit.burst, time);
  }
  countNoRoom(slot);
  return CONFORMS;
}

/** 1 for a frame that is above the rate of a limit, counted as that; 0 for one below it. */
export const limit_frame = globalFunction((packet: XdpPacket, number: u32, slot: u32, length: u32): u32 => {
  const limit = LIMITS.lookup(number);
  if (limit === null) return 0;
  const time = monotonicTime();
  const cost = limit.packetCost + ((limit.byteCost * length + HALF) >> 16);
  let result: u32 = CONFORMS;
  if (limit.per === LIMIT_RULE) {
    const own = sharedCounts(limit.place);
    if (own !== null) result = charge(own.limit, cost, limit.burst, time);
  } else {
    result = chargeKey(packet, limit, slot, cost, time);
  }
  if (result === OVER) {
    countOver(slot, length);
    return 1;
  }
  if (result === CONTENDED) countContended(slot);
  return 0;
});
