/**
 * The flow table: an array in sections, one per CPU, so that each slot has one writer and counting is exact without atomic
 * instructions; and without helper calls, since the kernel inlines array look-ups. How a slot is found is in
 * flow-buckets.bpf.ts. See docs/flow-table.md.
 */
import { u8, type u32, type u64, type Value } from "@weir/bytecode/layout";
import { arrayMap, atomicAdd, config, cpuNumber, globalFunction, view } from "@weir/compiler/language";
import {
  type Flow6Key,
  Flow6Words,
  FlowBucket,
  type FlowCounts,
  FlowWords,
  XdpConn6Stats,
  XdpConnStats,
} from "../records/flow.ts";
import type { FlowSamples } from "../records/sampling.ts";
import type { Stats } from "../records/stats.ts";
import { now } from "./clock.bpf.ts";
import { findPlace, ownPlace } from "./flow-buckets.bpf.ts";
import { filtering } from "./rules.bpf.ts";
import {
  addSample,
  beginSamples,
  estimates,
  evictSamples,
  sampling,
  weighFlow,
  weighPacket,
  XDP_SAMPLES,
  XDP_SAMPLES6,
} from "./sampling.bpf.ts";
import { connections, key0, key1, key2, key3, key4, sections, weakMemory } from "./settings.bpf.ts";

export const XDP_CONN_STATS = arrayMap({ value: XdpConnStats, maxEntries: 13_656, mmapable: true });
export const XDP_CONN6_STATS = arrayMap({ value: XdpConn6Stats, maxEntries: 13_656, mmapable: true });
export const XDP_CONN_INDEX = arrayMap({ value: FlowBucket, maxEntries: 1707 });
export const XDP_CONN6_INDEX = arrayMap({ value: FlowBucket, maxEntries: 1707 });

/** Whether connections are counted. Fixed when the program is compiled: one that has no use for them has no table. */
const tracking = config("tracking", u8, 1);

type Counters = Value<typeof Stats>;
type Counts = Value<typeof FlowCounts>;
type Slot = Value<typeof XdpConnStats>;
type Slot6 = Value<typeof XdpConn6Stats>;
type Samples = Value<typeof FlowSamples>;

/** What the slots of both tables have. */
interface AnySlot {
  ends: u64;
  readonly counts: Counts;
}

function isFlow(slot: Slot, addresses: u64, ends: u64): boolean {
  const words = view(slot, FlowWords);
  return words.addresses === addresses && words.ends === ends;
}

/** Called, because few packets need it, and what it takes of the stack is not the program's then. See `findPlace`. */
const find_place = globalFunction(
  (stats: Counters, hash: u32, addresses: u64, ends: u64, time: u64): u32 =>
    findPlace(
      XDP_CONN_INDEX,
      cpuNumber(),
      hash,
      time,
      (at) => {
        const slot = XDP_CONN_STATS.lookup(at);
        return slot !== null && isFlow(slot, addresses, ends);
      },
      () => stats.ipv4_slots < connections,
      (place) => XDP_CONN_STATS.lookup(place),
    ),
);

const find_place6 = globalFunction(
  (stats: Counters, hash: u32, key: Value<typeof Flow6Key>, time: u64): u32 =>
    findPlace(
      XDP_CONN6_INDEX,
      cpuNumber(),
      hash,
      time,
      (at) => {
        const slot = XDP_CONN6_STATS.lookup(at);
        if (slot === null) return false;
        // As `countFlow6` compares them; a function of both would load the whole key before it compares the first word.
        const words = view(slot, Flow6Words);
        return (
          words.destinationLow === key.destinationLow &&
          words.sourceLow === key.sourceLow &&
          words.ends === key.ends &&
          words.destinationHigh === key.destinationHigh &&
          words.sourceHigh === key.sourceHigh
        );
      },
      () => stats.ipv6_slots < connections,
      (place) => XDP_CONN6_STATS.lookup(place),
    ),
);

/** Keeps what an idle connection counted, before its slot goes to another. */
function evict(stats: Counters, counts: Counts): void {
  stats.evicted_flows += 1;
  stats.evicted_packets += counts.packet_count;
  stats.evicted_bytes += counts.byte_count;
  stats.evicted_drops += counts.drop_count;
}

/** How many packets one of a connection stands for: none when it is not sampled. @param hash of the connection */
function weigh(stats: Counters, hash: u64, dropped: u64): u64 {
  if (sampling === 0) return 1;
  const weight = estimates() ? weighPacket(stats) : weighFlow(stats, hash);
  if (weight === 0 && filtering !== 0) stats.sampled_out_drops += dropped;
  return weight;
}

/** Counts a packet that found no place. */
function countOverflow(stats: Counters, dropped: u64): void {
  stats.overflow += 1;
  if (filtering !== 0) stats.overflow_drops += dropped;
}

/**
 * Lets user space see the stores before it earlier than those after it. x86 shows stores in the order they were made. Elsewhere it takes a barrier,
 * which an atomic addition is that gives the value before.
 */
function keepOrder(counts: Counts): void {
  if (weakMemory !== 0) counts.drop_count = atomicAdd(counts, "drop_count", 0);
}

/** Between a slot's ends being 0 and its having those of the connection: user space counts nothing for a slot in which they changed while it read. */
function begin(counts: Counts, weight: u64, length: u32, time: u64, dropped: u64): void {
  counts.packet_count = weight;
  counts.byte_count = weight * length;
  counts.last_seen_ns = time;
  counts.drop_count = filtering === 0 ? 0 : dropped;
}

function again(counts: Counts, weight: u64, length: u32, time: u64, dropped: u64): void {
  counts.packet_count += weight;
  counts.byte_count += weight * length;
  counts.last_seen_ns = time;
  if (filtering !== 0) counts.drop_count += dropped;
}

/**
 * Counts a packet in a slot: its connection's own, or one that is free or whose connection is idle, which goes to this one. User space may read it at
 * any moment.
 */
function countIn<S extends AnySlot>(
  stats: Counters,
  slot: S,
  samples: Samples | null,
  isOwn: boolean,
  weight: u64,
  length: u32,
  time: u64,
  dropped: u64,
  ends: u64,
  countSlot: () => void,
  writeAddresses: () => void,
): void {
  if (isOwn) {
    again(slot.counts, weight, length, time, dropped);
    if (samples !== null) addSample(samples, weight, length);
    return;
  }
  if (slot.ends === 0) {
    countSlot();
  } else {
    evict(stats, slot.counts);
    slot.ends = 0;
    keepOrder(slot.counts);
    if (samples !== null) evictSamples(stats, samples);
  }
  begin(slot.counts, weight, length, time, dropped);
  if (samples !== null) beginSamples(samples, weight, length);
  writeAddresses();
  keepOrder(slot.counts);
  slot.ends = ends;
}

/**
 * Counts a packet in its IPv4 connection, if it is sampled; `ends` holds ports, protocol and kind, `dropped` is 1 when rules drop it.
 */
export function countFlow(stats: Counters, addresses: u64, ends: u64, length: u32, dropped: u64): void {
  if (tracking === 0) return;
  const product = addresses * key0 + ends * key1;
  const weight = weigh(stats, product, dropped);
  if (weight === 0) return;
  const cpu = cpuNumber();
  if (cpu >= sections) {
    countOverflow(stats, dropped);
    return;
  }
  const time = now();
  const hash: u32 = (product >> 32) as u32;
  const isHere = (slot: Slot) => isFlow(slot, addresses, ends);
  const own = ownPlace(cpu, hash);
  let place = own;
  let slot = XDP_CONN_STATS.lookup(own);
  if (slot === null || !isHere(slot)) {
    place = find_place(stats, hash, addresses, ends, time);
    slot = XDP_CONN_STATS.lookup(place);
  }
  if (slot === null) {
    countOverflow(stats, dropped);
    return;
  }
  const words = view(slot, FlowWords);
  const samples = estimates() ? XDP_SAMPLES.lookup(place) : null;
  countIn(
    stats,
    words,
    samples,
    isHere(slot),
    weight,
    length,
    time,
    dropped,
    ends,
    () => {
      stats.ipv4_slots += 1;
    },
    () => {
      words.addresses = addresses;
    },
  );
}

/** Counts a packet in its IPv6 connection, if it is sampled. */
export function countFlow6(
  stats: Counters,
  sourceHigh: u64,
  sourceLow: u64,
  destinationHigh: u64,
  destinationLow: u64,
  ends: u64,
  length: u32,
  dropped: u64,
): void {
  if (tracking === 0) return;
  const product = sourceHigh * key0 + sourceLow * key2 + destinationHigh * key3 + destinationLow * key4 + ends * key1;
  const weight = weigh(stats, product, dropped);
  if (weight === 0) return;
  const cpu = cpuNumber();
  if (cpu >= sections) {
    countOverflow(stats, dropped);
    return;
  }
  const time = now();
  const hash: u32 = (product >> 32) as u32;
  const isHere = (slot: Slot6): boolean => {
    const words = view(slot, Flow6Words);
    return (
      words.destinationLow === destinationLow &&
      words.sourceLow === sourceLow &&
      words.ends === ends &&
      words.destinationHigh === destinationHigh &&
      words.sourceHigh === sourceHigh
    );
  };
  const own = ownPlace(cpu, hash);
  let place = own;
  let slot = XDP_CONN6_STATS.lookup(own);
  if (slot === null || !isHere(slot)) {
    const key: Value<typeof Flow6Key> = { sourceHigh, sourceLow, destinationHigh, destinationLow, ends };
    place = find_place6(stats, hash, key, time);
    slot = XDP_CONN6_STATS.lookup(place);
  }
  if (slot === null) {
    countOverflow(stats, dropped);
    return;
  }
  const words = view(slot, Flow6Words);
  const samples = estimates() ? XDP_SAMPLES6.lookup(place) : null;
  countIn(
    stats,
    words,
    samples,
    isHere(slot),
    weight,
    length,
    time,
    dropped,
    ends,
    () => {
      stats.ipv6_slots += 1;
    },
    () => {
      words.sourceHigh = sourceHigh;
      words.sourceLow = sourceLow;
      words.destinationHigh = destinationHigh;
      words.destinationLow = destinationLow;
    },
  );
}
