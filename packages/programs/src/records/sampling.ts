import { struct, u64 } from "@weir/bytecode/layout";

/** How many are sampled (the element of map `SAMPLING`): user space may change it at any time. */
export const SamplingRate = struct({
  /** One of so many packets, or flows. Also what each of them then counts for; at most 65,536. */
  weight: u64,
});

/**
 * What must be known of an estimate besides itself: an element of `XDP_SAMPLES` or `XDP_SAMPLES6`, of the same number as the
 * slot in `XDP_CONN_STATS` or `XDP_CONN6_STATS` that it is about.
 */
export const FlowSamples = struct({
  /** Packets that were sampled; the slot has what they stand for. */
  sampled: u64,
  /** The sum of w(w - 1) over the weights of these packets: the variance of their number. */
  packet_variance: u64,
  /** The sum of w(w - 1) times the length squared, in 128 bits: the variance of their bytes. */
  byte_variance_low: u64,
  byte_variance_high: u64,
});
