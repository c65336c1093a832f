import { array, struct, u32, u64 } from "@weir/bytecode/layout";

/** Frames of a limit that have the rate together: all of its rule, those of a source (its first bits), or those of a flow. */
export const LIMIT_RULE = 0;
export const LIMIT_SOURCE = 1;
export const LIMIT_FLOW = 2;

/** The numbers of a limit (an element of map `LIMITS`). */
export const LimitNumbers = struct({
  /** Nanoseconds that a frame costs; 0 for a rate of bits. */
  packetCost: u64,
  /** Nanoseconds × 2^16 that a byte costs; 0 for a rate of packets. */
  byteCost: u64,
  /** Nanoseconds that the theoretical arrival time may be ahead. */
  burst: u64,
  /** Of this limit, and of no other that has the same table: it is a part of each key. */
  number: u32,
  /** {@link LIMIT_RULE}, {@link LIMIT_SOURCE} or {@link LIMIT_FLOW}. */
  per: u32,
  /** Where the rule's own time is, in the last section of `RULE_COUNTS`. */
  place: u32,
  /** The bits of a source that are looked at, as they lie in the packet. */
  ipv4: u32,
  ipv6: array(u32, 4),
});

/** When what was let through is paid for: nanoseconds of CLOCK_MONOTONIC. Once that is past, it is as good as none. */
export const ArrivalTime = struct({ time: u64 });

/** The time of one key of a limit. */
export const LimitEntry = struct({ tag: u64, arrival: ArrivalTime });

/** An element of map `RULE_LIMITS`: a line of a CPU's cache. */
export const ENTRIES_PER_BUCKET = 4;
export const LimitBucket = struct({ entries: array(LimitEntry, ENTRIES_PER_BUCKET) });

/** Words of 32 bits that a key has at most: what says which it is, two addresses, ports. There are two factors for each. */
export const KEY_WORDS = 10;
/** Numbers of limits are below it: their word has the protocol too, and the version of IP. */
export const LIMIT_NUMBERS = 2 ** 22;
