import { array, be16, bytes, i32, struct, u8, u16, u32, u64 } from "@weir/bytecode/layout";

/** What a slot of `SERVICES` holds when it holds no service, and where a search for one ends. */
export const SLOT_FREE = 0;
/** A slot that held a service: a search goes on behind it. */
export const SLOT_LEFT = 0xffff_ffff;
/** The `ends` of a slot that only says that its address is one of a service's. */
export const ADDRESS_ONLY = 0xffff;

/** Slots of map `SERVICES` that are looked at, from the one on that the hash of the key points at. */
export const SERVICE_PROBES = 16;

/**
 * A virtual address: a slot of map `SERVICES`, which is searched from the slot on that the hash of the key points at. A port
 * of 0 is every port.
 */
export const ServiceEntry = struct({
  /** The address as it lies in the packet; of IPv4 `low` has it in its lower half, and `high` is 0. */
  high: u64,
  low: u64,
  /** The port as it lies in the packet, above it the protocol; or {@link SLOT_FREE}, {@link SLOT_LEFT}. */
  ends: u32,
  service: u16,
  /** Whether packets are dropped when no backend is there to take them; otherwise they are passed on. */
  drops: u16,
});

/** Backends in the order of the Maglev table, four to an element of map `RINGS`: number + 1, or 0 for none. */
export const RING_BACKENDS = 4;
export const RingPart = struct({ backends: array(u16, RING_BACKENDS) });

/** What a backend takes. The order matters: what is above `BACKEND_NONE` goes on getting the packets of its flows. */
export const BACKEND_NONE = 0;
/** Goes on with the flows that it has, and gets no new ones. */
export const BACKEND_DRAINING = 1;
export const BACKEND_ACTIVE = 2;

/** An element of map `BACKENDS`. */
export const Backend = struct({
  state: u32,
  service: u32,
  /** Which of its elements of map `DELIVERIES` is in force: it is written whole before this number is. */
  delivery: u32,
  /** Its own number. */
  number: u32,
});

export const DELIVERY_NONE = 0;
/** The frame as it is, to the hardware address of the backend. */
export const DELIVERY_MAC = 1;
/** RFC 2003. */
export const DELIVERY_IPIP = 2;
/** RFC 2473. */
export const DELIVERY_IP6IP6 = 3;

/** How packets get to a backend: an element of map `DELIVERIES`. */
export const Delivery = struct({
  kind: u32,
  /** The interface that they leave by; 0 for the one that they came in on. */
  interface: u32,
  /** The largest IP packet that gets there, without what is put around it. */
  mtu: u32,
  /** The sum of the 16-bit words of the outer IPv4 header that are always the same. */
  outerSum: u32,
  /** Hardware addresses of destination and source, as the frame begins with them. */
  ethernet: array(u32, 3),
  reserved: u32,
  /** Addresses of the outer header; of IPv4 in the lower half of `…Low`. */
  sourceHigh: u64,
  sourceLow: u64,
  destinationHigh: u64,
  destinationLow: u64,
});

/**
 * Eight connections: an element of map `CONNECTIONS`, one line of a CPU's cache. A connection is one word, which is written at
 * once: from bit 32 on its tag, from bit 16 on the backend's number, below the time. 0 is none.
 */
export const CONNECTIONS_PER_BUCKET = 8;
/** A connection's age, modulo 2^16 seconds, from which on its stamp lies a moment in the future: another CPU has just set it. */
export const STAMPED_SINCE = 0xfffe;
export const ConnectionBucket = struct({ connections: array(u64, CONNECTIONS_PER_BUCKET) });

/** What was sent to a backend: map `BACKEND_STATS`, for each CPU. */
export const BackendStats = struct({ packets: u64, bytes: u64, new_flows: u64 });

/** What did not go the usual way, by service: map `SERVICE_STATS`, for each CPU. Each field counts frames. */
export const ServiceStats = struct({
  /** No backend could take it: dropped, or passed on, as the service says. */
  no_backend: u64,
  /** The backend's hardware address, or the way there, is not known: dropped. */
  no_next_hop: u64,
  /** Its backend takes nothing any more, so another one got it. */
  moved: u64,
  /** Found no place in the table of connections: sent to where the Maglev table says. */
  table_full: u64,
  /** Would have been forwarded with a TTL or hop limit of 0: passed on, for the network stack to answer. */
  ttl_expired: u64,
  /** Larger than what gets to the backend, and the sender was told. */
  too_big: u64,
  /** Larger than what gets to the backend, and dropped without a word, for senders are told only so often. */
  too_big_unsaid: u64,
  /** ICMP errors about the service's packets, sent to the backend that they are for. */
  icmp_errors: u64,
});

/** What the balancer did with all frames: map `BALANCE`, for each CPU. `frames` of `STATS` is the sum of the first four. */
export const BalanceStats = struct({
  passed: u64,
  dropped: u64,
  transmitted: u64,
  redirected: u64,
  /** For the address of a service, and fragments: passed on. */
  fragments: u64,
  /** For the address of a service, with IPv6 extension headers: passed on. */
  extension_headers: u64,
  /** For the address of a service, and no room was left in front of the frame: dropped. */
  no_headroom: u64,
  /** The time in which senders of packets that are too large are being told, and how many have been. */
  answer_time: u64,
  answers: u64,
});

/** `struct bpf_fib_lookup` of linux/bpf.h. Addresses as they lie in packets. */
export const FibLookup = struct({
  family: u8,
  protocol: u8,
  sourcePort: be16,
  destinationPort: be16,
  /** Before: bytes of the packet, or 0. After: the MTU of the way. */
  mtu: u16,
  /** Before: the interface that the packet came in on. After: the one that it leaves by. */
  interface: u32,
  flow: u32,
  source: bytes(16),
  /** After: the address of the next hop. */
  destination: bytes(16),
  vlan: u32,
  sourceMac: bytes(6),
  destinationMac: bytes(6),
});

/** A question to the kernel's routing tables, and what `bpf_fib_lookup` returned: the element of map `NEXT_HOP`. */
export const NextHopQuestion = struct({ lookup: FibLookup, result: i32, reserved: u32 });
