/** The counters of the monitor, one per line of its counting rules, in the order of its `STATS` record. */
export const COUNTER_NAMES = [
  "frames",
  "bytes",
  "arp",
  "arp_bytes",
  "other_ethertype",
  "other_ethertype_bytes",
  "llc_8023",
  "llc_8023_bytes",
  "vlan_single",
  "vlan_double",
  "vlan_more",
  "ipv4",
  "ipv4_bytes",
  "ipv6",
  "ipv6_bytes",
  "tcp",
  "tcp_bytes",
  "udp",
  "udp_bytes",
  "icmp",
  "icmp_bytes",
  "icmpv6",
  "icmpv6_bytes",
  "other_proto",
  "other_proto_bytes",
  "proto_unknown",
  "proto_unknown_bytes",
  "ipv4_frag_first",
  "ipv4_frag_later",
  "ipv6_frag_first",
  "ipv6_frag_later",
  "tcp_truncated",
  "udp_truncated",
  "malformed",
  "unattributed",
  "overflow",
  "sampled_out",
] as const;

/** The name of a counter; docs/counting.md says what each counts. */
export type CounterName = (typeof COUNTER_NAMES)[number];

/** Sums over all CPUs. */
export type Counters = Readonly<Record<CounterName, bigint>>;
