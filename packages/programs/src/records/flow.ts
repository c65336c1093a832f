import { be16, be32, be64, struct, u8, u16, u64 } from "@weir/bytecode/layout";

/** A slot of the flow table that holds no connection. */
export const KIND_FREE = 0;
/** TCP or UDP with a complete header. */
export const KIND_L4 = 1;
/** A later fragment: protocol known, ports not. */
export const KIND_FRAGMENT = 2;
/** A protocol whose ports are not read. */
export const KIND_NO_PORT = 3;

/** What every slot of the flow table begins with. */
export const FlowCounts = struct({
  packet_count: u64,
  /** Bytes of whole frames. */
  byte_count: u64,
  /** Nanoseconds of CLOCK_MONOTONIC, to one tick of the kernel's clock. */
  last_seen_ns: u64,
  /** Packets that were dropped. Where packets are sampled, of those that were; `packet_count` and `byte_count` are what these stand for. */
  drop_count: u64,
});

/** What is counted for one IPv4 connection and direction: a slot of map `XDP_CONN_STATS`. */
export const XdpConnStats = struct({
  packet_count: u64,
  byte_count: u64,
  last_seen_ns: u64,
  drop_count: u64,
  source: be32,
  destination: be32,
  sourcePort: be16,
  destinationPort: be16,
  protocol: u8,
  kind: u8,
  reserved: u16,
});

/** The same for IPv6: a slot of map `XDP_CONN6_STATS`. */
export const XdpConn6Stats = struct({
  packet_count: u64,
  byte_count: u64,
  last_seen_ns: u64,
  drop_count: u64,
  sourceHigh: be64,
  sourceLow: be64,
  destinationHigh: be64,
  destinationLow: be64,
  sourcePort: be16,
  destinationPort: be16,
  protocol: u8,
  kind: u8,
  reserved: u16,
});

/** Slots of a bucket. */
export const FLOW_WAYS = 8;

/** What is known of as many slots that follow each other: an element of maps `XDP_CONN_INDEX` and `XDP_CONN6_INDEX`. */
export const FlowBucket = struct({
  /** A byte for each slot: 0 where it is free, otherwise some bits of its connection's hash. */
  tags: u64,
  /** Until then none of its connections is idle; 0 where that is not known. */
  busy_until_ns: u64,
});

/** The key of an IPv4 slot as the two words that the kernel program compares. */
export const FlowWords = struct({ counts: FlowCounts, addresses: u64, ends: u64 });

/** The key of an IPv6 slot as words. */
export const Flow6Words = struct({
  counts: FlowCounts,
  sourceHigh: u64,
  sourceLow: u64,
  destinationHigh: u64,
  destinationLow: u64,
  ends: u64,
});

/** The same by itself. */
export const Flow6Key = struct({
  sourceHigh: u64,
  sourceLow: u64,
  destinationHigh: u64,
  destinationLow: u64,
  ends: u64,
});
