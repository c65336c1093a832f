import { struct, u64 } from "@weir/bytecode/layout";

/**
 * What the monitor counts, one record per CPU (the value of map `STATS`). Each field counts frames unless its name says
 * otherwise; the rules are in docs/counting.md.
 *
 * At all times `frames` = packets in flow slots + `evicted_packets` + `unattributed` + `overflow`, where nothing is sampled. Where
 * packets are, what is in flow slots and evicted are estimates, and
 * `frames` = packets sampled into flow slots + `evicted_sampled` + `unattributed` + `overflow` + `sampled_out`.
 *
 * What is dropped is counted twice, by what decided and by what the frame belongs to: `dropped_by_rule` + `dropped_by_limit` +
 * `dropped_by_default` = drops in flow slots + `evicted_drops` + `unattributed_drops` + `overflow_drops` + `sampled_out_drops`. What is left of
 * `frames` is passed.
 */
export const Stats = struct({
  frames: u64,
  /** Bytes of all frames, Ethernet header included, FCS not. */
  bytes: u64,
  arp: u64,
  arp_bytes: u64,
  other_ethertype: u64,
  other_ethertype_bytes: u64,
  llc_8023: u64,
  llc_8023_bytes: u64,
  vlan_single: u64,
  vlan_double: u64,
  vlan_more: u64,
  ipv4: u64,
  ipv4_bytes: u64,
  ipv6: u64,
  ipv6_bytes: u64,
  tcp: u64,
  tcp_bytes: u64,
  udp: u64,
  udp_bytes: u64,
  icmp: u64,
  icmp_bytes: u64,
  icmpv6: u64,
  icmpv6_bytes: u64,
  other_proto: u64,
  other_proto_bytes: u64,
  proto_unknown: u64,
  proto_unknown_bytes: u64,
  ipv4_frag_first: u64,
  ipv4_frag_later: u64,
  ipv6_frag_first: u64,
  ipv6_frag_later: u64,
  tcp_truncated: u64,
  udp_truncated: u64,
  malformed: u64,
  /** Frames that belong to no connection by rule: no IP, malformed, no port to read. */
  unattributed: u64,
  /** Frames that found no place in a full flow table. */
  overflow: u64,
  /** Frames that belong to a connection and were not sampled, so that the flow table never saw them. */
  sampled_out: u64,
  /** Frames that the rules stage drops, by what decided: a rule, a limit whose rate they were above, the default. */
  dropped_by_rule: u64,
  dropped_by_rule_bytes: u64,
  dropped_by_limit: u64,
  dropped_by_limit_bytes: u64,
  dropped_by_default: u64,
  dropped_by_default_bytes: u64,
  /** Of these, what no flow slot counts: they are in `unattributed`, in `overflow`, and in `sampled_out`. */
  unattributed_drops: u64,
  overflow_drops: u64,
  sampled_out_drops: u64,
  /** IPv4 flow slots taken, and never given back: idle slots are taken over. */
  ipv4_slots: u64,
  /** IPv6 flow slots taken. */
  ipv6_slots: u64,
  /** Idle connections whose slot a new connection took over, with what they had counted. */
  evicted_flows: u64,
  evicted_packets: u64,
  evicted_bytes: u64,
  evicted_drops: u64,
  /** Packets that were sampled of evicted connections, and the errors of the estimates (see `FlowSamples`). */
  evicted_sampled: u64,
  evicted_packet_variance: u64,
  evicted_byte_variance_low: u64,
  evicted_byte_variance_high: u64,
  /** No counter: the state of this CPU's random numbers, which user space sets before the program runs. */
  sampler_state: u64,
});
