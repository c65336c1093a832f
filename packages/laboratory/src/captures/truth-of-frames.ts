import type { FrameTruth } from "./frame-truth.ts";
import type { Traffic, Truth } from "./truth.ts";

/** Counters that a frame's flags name. */
const FLAGS = [
  "ipv4_frag_first",
  "ipv4_frag_later",
  "ipv6_frag_first",
  "ipv6_frag_later",
  "tcp_truncated",
  "udp_truncated",
] as const;

const NOTHING = {
  frames: 0,
  bytes: 0,
  arp: 0,
  arp_bytes: 0,
  other_ethertype: 0,
  other_ethertype_bytes: 0,
  llc_8023: 0,
  llc_8023_bytes: 0,
  vlan_single: 0,
  vlan_double: 0,
  vlan_more: 0,
  ipv4: 0,
  ipv4_bytes: 0,
  ipv6: 0,
  ipv6_bytes: 0,
  tcp: 0,
  tcp_bytes: 0,
  udp: 0,
  udp_bytes: 0,
  icmp: 0,
  icmp_bytes: 0,
  icmpv6: 0,
  icmpv6_bytes: 0,
  other_proto: 0,
  other_proto_bytes: 0,
  proto_unknown: 0,
  proto_unknown_bytes: 0,
  ipv4_frag_first: 0,
  ipv4_frag_later: 0,
  ipv6_frag_first: 0,
  ipv6_frag_later: 0,
  tcp_truncated: 0,
  udp_truncated: 0,
  malformed: 0,
  unattributed: 0,
  overflow: 0,
  sampled_out: 0,
  dropped_by_rule: 0,
  dropped_by_rule_bytes: 0,
  dropped_by_limit: 0,
  dropped_by_limit_bytes: 0,
  dropped_by_default: 0,
  dropped_by_default_bytes: 0,
  unattributed_drops: 0,
  overflow_drops: 0,
  sampled_out_drops: 0,
};

type Counter = keyof typeof NOTHING;

function isCounter(name: string): name is Counter {
  return Object.hasOwn(NOTHING, name);
}

/** All counters and connections that the monitor has to give for these frames, when its table is large enough. */
export function truthOfFrames(frames: readonly FrameTruth[]): Truth {
  const counters = { ...NOTHING };
  const connections: Record<string, Traffic> = {};
  for (const frame of frames) {
    counters.bytes += frame.length;
    for (const counter of countersOf(frame)) {
      counters[counter]++;
      const bytes = `${counter}_bytes`;
      if (isCounter(bytes)) counters[bytes] += frame.length;
    }
    if (frame.connection === undefined) continue;
    const { packets, bytes } = connections[frame.connection] ?? { packets: 0, bytes: 0 };
    connections[frame.connection] = { packets: packets + 1, bytes: bytes + frame.length };
  }
  return { counters, connections };
}

/** Those that grow by one. */
function countersOf(frame: FrameTruth): Counter[] {
  const { class: kind, vlanTags, connection, flags } = frame;
  const counters: Counter[] = ["frames", ...FLAGS.filter((flag) => flags.includes(flag))];
  if (vlanTags > 0) counters.push(vlanTags === 1 ? "vlan_single" : vlanTags === 2 ? "vlan_double" : "vlan_more");
  if (kind === "arp" || kind === "llc_8023") counters.push(kind);
  if (kind.startsWith("ethertype:")) counters.push("other_ethertype");
  if (kind === "ipv4" || kind === "ipv6") counters.push(kind, protocolCounter(kind, frame.protocol));
  if (isMalformed(frame)) counters.push("malformed");
  if (connection === undefined) counters.push("unattributed");
  return counters;
}

function protocolCounter(version: "ipv4" | "ipv6", protocol: number | undefined): Counter {
  if (protocol === undefined) return "proto_unknown";
  if (protocol === 6) return "tcp";
  if (protocol === 17) return "udp";
  if (protocol === 1 && version === "ipv4") return "icmp";
  return protocol === 58 && version === "ipv6" ? "icmpv6" : "other_proto";
}

/** A class that names a header's fault, or a flag that says a later header is cut off. */
function isMalformed({ class: kind, flags }: FrameTruth): boolean {
  return /_(truncated|bad_\w+)$/.test(kind) || flags.some((flag) => flag.endsWith("_truncated"));
}
