/**
 * Sampling: of the packets that belong to a connection only some, or only those of some connections, touch the flow table.
 * The totals in `STATS` are not concerned. See docs/sampling.md for what follows for the numbers.
 */
import { u8, type u32, u64, type Value } from "@weir/bytecode/layout";
import { arrayMap, config } from "@weir/compiler/language";
import { FlowSamples, SamplingRate } from "../records/sampling.ts";
import type { Stats } from "../records/stats.ts";

/** Whether there is sampling. Fixed when the program is compiled: it takes maps and registers. */
export const sampling = config("sampling", u8, 0);
/** 0 when packets are sampled. Otherwise whole flows are: those whose hash is not greater. */
const sampleFlows = config("sample_flows", u64, 0);

/** The rate for packets. A map and no setting, because it may follow a budget. */
export const SAMPLING = arrayMap({ value: SamplingRate, maxEntries: 1, mmapable: true });
/** Beside the flow table and not in it, so that without sampling its slots are as small as they can be. */
export const XDP_SAMPLES = arrayMap({ value: FlowSamples, maxEntries: 1, mmapable: true });
export const XDP_SAMPLES6 = arrayMap({ value: FlowSamples, maxEntries: 1, mmapable: true });

type Counters = Value<typeof Stats>;

/** SplitMix64 (Steele, Lea and Flood, 2014): a counter with this step, and the mixing of its value below. */
const STEP = u64.of(0x9e37_79b9_7f4a_7c15n);
const MIX_1 = u64.of(0xbf58_476d_1ce4_e5b9n);
const MIX_2 = u64.of(0x94d0_49bb_1331_11ebn);

/** Bits of a random number that are used: with a weight of 17 bits the product still fits into 64. */
const CHANCE_BITS = 47;

/** Longer frames (BIG TCP, in mode skb) count as this long in the error of an estimate, so that its parts fit into 64 bits. */
const LONGEST = 0xffff;

/** Every bit of the result depends on every bit of the value; only the last step of SplitMix64 is left out, for the low ones. */
function mix(value: u64): u64 {
  let mixed = (value ^ (value >> 30)) * MIX_1;
  mixed = (mixed ^ (mixed >> 27)) * MIX_2;
  return mixed;
}

/** A random number without a call; the state is this CPU's own, and seeded with random bytes for each load. */
function random(stats: Counters): u64 {
  const state = stats.sampler_state + STEP;
  stats.sampler_state = state;
  return mix(state);
}

/** Whether what connections count are estimates: a flow that was chosen is counted whole. */
export function estimates(): boolean {
  return sampling !== 0 && sampleFlows === 0;
}

/**
 * How many packets a packet counts for: none when it is not sampled. Chance and weight come from one reading of the rate, so
 * that whatever the rate, the expectation is 1.
 */
export function weighPacket(stats: Counters): u64 {
  const rate = SAMPLING.lookup(0);
  if (rate === null) return 0;
  const weight = rate.weight;
  if (((random(stats) >> (64 - CHANCE_BITS)) * weight) >> CHANCE_BITS === 0) return weight;
  stats.sampled_out += 1;
  return 0;
}

/**
 * 1 when the packets of a flow are counted, each as one; 0 when none of them is.
 *
 * @param hash of the connection, with keys that nobody outside knows
 */
export function weighFlow(stats: Counters, hash: u64): u64 {
  if (mix(hash) <= sampleFlows) return 1;
  stats.sampled_out += 1;
  return 0;
}

function byteVariance(weight: u64, length: u32): u64 {
  const measured: u64 = length < LONGEST ? length : LONGEST;
  return measured * measured * (weight * (weight - 1));
}

/** Begins the estimate of a connection with its first sampled packet. */
export function beginSamples(samples: Value<typeof FlowSamples>, weight: u64, length: u32): void {
  samples.sampled = 1;
  samples.packet_variance = weight * (weight - 1);
  samples.byte_variance_low = byteVariance(weight, length);
  samples.byte_variance_high = 0;
}

/** Adds a sampled packet to the estimate of its connection. */
export function addSample(samples: Value<typeof FlowSamples>, weight: u64, length: u32): void {
  samples.sampled += 1;
  samples.packet_variance += weight * (weight - 1);
  const added = byteVariance(weight, length);
  samples.byte_variance_low += added;
  if (samples.byte_variance_low < added) samples.byte_variance_high += 1;
}

/** Keeps what is known of the estimate of an idle connection, before its slot goes to another. */
export function evictSamples(stats: Counters, samples: Value<typeof FlowSamples>): void {
  stats.evicted_sampled += samples.sampled;
  stats.evicted_packet_variance += samples.packet_variance;
  stats.evicted_byte_variance_low += samples.byte_variance_low;
  if (stats.evicted_byte_variance_low < samples.byte_variance_low) stats.evicted_byte_variance_high += 1;
  stats.evicted_byte_variance_high += samples.byte_variance_high;
}
