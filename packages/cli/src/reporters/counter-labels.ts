import type { CounterName } from "@weir/engine";

/**
 * The counters that a table shows beside its header; frames, bytes and overflow have places of their own, and where drops are among those in
 * no connection is for the account alone.
 */
export type LabelledCounter = Exclude<
  CounterName,
  "frames" | "bytes" | "overflow" | `${string}_bytes` | `${string}_drops`
>;

/** In the order in which they are shown. */
export const COUNTER_LABELS: readonly (readonly [LabelledCounter, string])[] = [
  ["ipv4", "IPv4"],
  ["ipv6", "IPv6"],
  ["tcp", "TCP"],
  ["udp", "UDP"],
  ["icmp", "ICMP"],
  ["icmpv6", "ICMPv6"],
  ["other_proto", "other protocols"],
  ["proto_unknown", "unknown protocol"],
  ["arp", "ARP"],
  ["llc_8023", "802.3"],
  ["other_ethertype", "other EtherTypes"],
  ["vlan_single", "VLAN"],
  ["vlan_double", "double VLAN"],
  ["vlan_more", "three or more VLAN tags"],
  ["ipv4_frag_first", "first IPv4 fragments"],
  ["ipv4_frag_later", "later IPv4 fragments"],
  ["ipv6_frag_first", "first IPv6 fragments"],
  ["ipv6_frag_later", "later IPv6 fragments"],
  ["tcp_truncated", "truncated TCP"],
  ["udp_truncated", "truncated UDP"],
  ["malformed", "malformed"],
  ["unattributed", "in no connection by rule"],
  ["sampled_out", "not sampled"],
  ["dropped_by_rule", "dropped by rules"],
  ["dropped_by_limit", "dropped above a rate"],
  ["dropped_by_default", "dropped by default"],
];
