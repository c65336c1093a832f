import type { StandardError } from "./sampling.ts";

/**
 * What a row of the connection table stands for: `"l4"` TCP or UDP with ports, `"frag"` later fragments (ports 0),
 * `"noport"` protocols without ports.
 */
export type ConnectionKind = "l4" | "frag" | "noport";

/** An IP protocol: its number, and its usual name in lower case (the number as text where it has none). */
export interface Protocol {
  readonly number: number;
  readonly name: string;
}

/**
 * One direction of a connection, as counted since the monitor was attached. Where packets are sampled, `packets` and `bytes` are
 * estimates, and `standardError` says so.
 */
export interface Connection {
  readonly kind: ConnectionKind;
  readonly protocol: Protocol;
  /** IPv4 in dotted decimal, IPv6 as in RFC 5952. */
  readonly source: string;
  readonly sourcePort: number;
  /** IPv4 in dotted decimal, IPv6 as in RFC 5952. */
  readonly destination: string;
  readonly destinationPort: number;
  readonly packets: bigint;
  /** Whole frames, from the Ethernet destination address on. */
  readonly bytes: bigint;
  /** Packets that the program dropped; where packets are sampled, an estimate as `packets` is. */
  readonly drops: bigint;
  /** There where packets are sampled: what the estimates may be off. */
  readonly standardError?: StandardError;
  /** Nanoseconds of `CLOCK_MONOTONIC`, with the resolution of a kernel tick (1–10 ms). */
  readonly lastSeen: bigint;
}

/** Per second, over the time since the snapshot before (since attach in the first). */
export interface Rates {
  readonly packetsPerSecond: number;
  readonly bytesPerSecond: number;
}
