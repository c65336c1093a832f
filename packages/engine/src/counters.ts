/** The counters of the monitor, one per line of its counting rules, in the order of its `STATS` record. */
export const COUNTER_NAMES = [
  "frames",
  "bytes",
  "arp",
  "other_ethertype",
  "llc_8023",
  "vlan_single",
  "vlan_double",
  "vlan_more",
  "ipv4",
  "ipv6",
  "tcp",
  "udp",
  "icmp",
  "icmpv6",
  "other_proto",
  "proto_unknown",
  "ipv4_frag_first",
  "ipv4_frag_later",
  "ipv6_frag_first",
  "ipv6_frag_later",
  "tcp_truncated",
  "udp_truncated",
  "malformed",
  "unattributed",
  "overflow",
] as const;

/** The name of a counter; docs/counting.md says what each counts. */
export type CounterName = (typeof COUNTER_NAMES)[number];

/** Sums over all CPUs. */
export type Counters = Readonly<Record<CounterName, bigint>>;
