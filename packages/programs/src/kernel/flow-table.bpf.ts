/**
 * The flow table: an array in sections, one per CPU, so that each slot has one writer and counting is exact without atomic
 * instructions; and without helper calls, since the kernel inlines array look-ups. A slot is found by hashing; the next
 * ones to try follow from the hash. See ARCHITECTURE.md, "The flow table".
 */
import { u8, type u32, type u64, type Value } from "@weir/bytecode/layout";
import { arrayMap, config, cpuNumber, view } from "@weir/compiler/language";
import { Flow6Words, type FlowCounts, FlowWords, XdpConn6Stats, XdpConnStats } from "../records/flow.ts";
import type { Stats } from "../records/stats.ts";
import { now } from "./clock.bpf.ts";
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
import { connections, idle, key0, key1, key2, key3, key4, sections, slots } from "./settings.bpf.ts";

export const XDP_CONN_STATS = arrayMap({ value: XdpConnStats, maxEntries: 13_654, mmapable: true });
export const XDP_CONN6_STATS = arrayMap({ value: XdpConn6Stats, maxEntries: 13_654, mmapable: true });

/** Whether connections are counted. Fixed when the program is compiled: one that has no use for them has no table. */
const tracking = config("tracking", u8, 1);

/** Slots tried before a packet is counted as overflow. At three quarters full, one new flow in 10,000 finds none free. */
const PROBES = 32;

type Counters = Value<typeof Stats>;
type Counts = Value<typeof FlowCounts>;

/** The slot, of one section, that a hash points at: scaled by multiplication, so that their number is free. */
function slotAt(hash: u32): u32 {
  return ((hash as u64) * slots) >> 32;
}

/** The hash to try after a slot that another connection has (a full-period generator of Knuth's). */
function nextHash(hash: u32): u32 {
  return hash * 0x9e37_79b1 + 1;
}

function isIdle(counts: Counts, time: u64): boolean {
  return idle !== 0 && time - counts.last_seen_ns > idle;
}

/** Keeps what an idle connection counted, before its slot goes to another. */
function evict(stats: Counters, counts: Counts): void {
  stats.evicted_flows += 1;
  stats.evicted_packets += counts.packet_count;
  stats.evicted_bytes += counts.byte_count;
  stats.evicted_drops += counts.drop_count;
}

function begin(counts: Counts, weight: u64, length: u32, time: u64, dropped: u64): void {
  counts.packet_count = weight;
  counts.byte_count = weight * length;
  counts.last_seen_ns = time;
  counts.drop_count = filtering === 0 ? 0 : weight * dropped;
}

function again(counts: Counts, weight: u64, length: u32, time: u64, dropped: u64): void {
  counts.packet_count += weight;
  counts.byte_count += weight * length;
  counts.last_seen_ns = time;
  if (filtering !== 0) counts.drop_count += weight * dropped;
}

/**
 * Counts a packet in its IPv4 connection, if it is sampled; `ends` holds ports, protocol and kind, `dropped` is 1 when rules drop it.
 */
export function countFlow(stats: Counters, addresses: u64, ends: u64, length: u32, dropped: u64): void {
  if (tracking === 0) return;
  let weight: u64 = 1;
  if (sampling !== 0) {
    weight = estimates() ? weighPacket(stats) : weighFlow(stats, addresses * key0 + ends * key1);
  }
  if (weight === 0) return;
  const cpu = cpuNumber();
  if (cpu >= sections) {
    stats.overflow += 1;
    return;
  }
  const time = now();
  const section = cpu * slots;
  let hash: u32 = ((addresses * key0 + ends * key1) >> 32) as u32;
  for (let probe = 0; probe < PROBES; probe++) {
    const place = section + slotAt(hash);
    const slot = XDP_CONN_STATS.lookup(place);
    if (slot === null) break;
    const words = view(slot, FlowWords);
    if (words.addresses === addresses && words.ends === ends) {
      again(words.counts, weight, length, time, dropped);
      if (estimates()) {
        const samples = XDP_SAMPLES.lookup(place);
        if (samples !== null) addSample(samples, weight, length);
      }
      return;
    }
    const free = words.ends === 0;
    if (free || isIdle(words.counts, time)) {
      if (free) {
        if (stats.ipv4_slots >= connections) break;
        stats.ipv4_slots += 1;
      } else {
        evict(stats, words.counts);
      }
      begin(words.counts, weight, length, time, dropped);
      if (estimates()) {
        const samples = XDP_SAMPLES.lookup(place);
        if (samples !== null) {
          if (!free) evictSamples(stats, samples);
          beginSamples(samples, weight, length);
        }
      }
      words.addresses = addresses;
      words.ends = ends;
      return;
    }
    hash = nextHash(hash);
  }
  stats.overflow += 1;
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
  let weight: u64 = 1;
  if (sampling !== 0) {
    weight = estimates()
      ? weighPacket(stats)
      : weighFlow(
          stats,
          sourceHigh * key0 + sourceLow * key2 + destinationHigh * key3 + destinationLow * key4 + ends * key1,
        );
  }
  if (weight === 0) return;
  const cpu = cpuNumber();
  if (cpu >= sections) {
    stats.overflow += 1;
    return;
  }
  const time = now();
  const section = cpu * slots;
  let hash: u32 = ((sourceHigh * key0 +
    sourceLow * key2 +
    destinationHigh * key3 +
    destinationLow * key4 +
    ends * key1) >>
    32) as u32;
  for (let probe = 0; probe < PROBES; probe++) {
    const place = section + slotAt(hash);
    const slot = XDP_CONN6_STATS.lookup(place);
    if (slot === null) break;
    const words = view(slot, Flow6Words);
    if (
      words.destinationLow === destinationLow &&
      words.sourceLow === sourceLow &&
      words.ends === ends &&
      words.destinationHigh === destinationHigh &&
      words.sourceHigh === sourceHigh
    ) {
      again(words.counts, weight, length, time, dropped);
      if (estimates()) {
        const samples = XDP_SAMPLES6.lookup(place);
        if (samples !== null) addSample(samples, weight, length);
      }
      return;
    }
    const free = words.ends === 0;
    if (free || isIdle(words.counts, time)) {
      if (free) {
        if (stats.ipv6_slots >= connections) break;
        stats.ipv6_slots += 1;
      } else {
        evict(stats, words.counts);
      }
      begin(words.counts, weight, length, time, dropped);
      if (estimates()) {
        const samples = XDP_SAMPLES6.lookup(place);
        if (samples !== null) {
          if (!free) evictSamples(stats, samples);
          beginSamples(samples, weight, length);
        }
      }
      words.sourceHigh = sourceHigh;
      words.sourceLow = sourceLow;
      words.destinationHigh = destinationHigh;
      words.destinationLow = destinationLow;
      words.ends = ends;
      return;
    }
    hash = nextHash(hash);
  }
  stats.overflow += 1;
}
