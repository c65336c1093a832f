import type { u32, u64, Value } from "@weir/bytecode/layout";
import { ntohs, view, XDP_PASS, type XdpPacket } from "@weir/compiler/language";
import { Ipv4Addresses, Ipv4Header } from "../records/ip.ts";
import type { Stats } from "../records/stats.ts";
import { countFlow } from "./flow-table.bpf.ts";
import { countMalformed } from "./malformed.bpf.ts";
import { steer } from "./steering.bpf.ts";
import { countLaterFragment, countTransport, ICMP } from "./transport.bpf.ts";
import { countUnattributedDrop } from "./unattributed-drop.bpf.ts";

const MORE_FRAGMENTS = 0x2000;
const FRAGMENT_OFFSET = 0x1fff;

/** The header, or null when it is malformed. */
function soundHeader(packet: XdpPacket, offset: u32, length: u32): Value<typeof Ipv4Header> | null {
  const ip = packet.at(Ipv4Header, offset);
  if (ip === null || ip.versionAndLength >> 4 !== 4) return null;
  const header = headerLength(ip);
  const total: u32 = ntohs(ip.totalLength);
  if (header < 20 || offset + header > length || (total !== 0 && total < header)) return null;
  return ip;
}

function headerLength(ip: Value<typeof Ipv4Header>): u32 {
  return (ip.versionAndLength & 15) << 2;
}

/** Counts an IPv4 packet, and gives its verdict. */
export function countIpv4(packet: XdpPacket, stats: Value<typeof Stats>, offset: u32, length: u32, dropped: u64): u32 {
  const ip = soundHeader(packet, offset, length);
  if (ip === null) {
    countMalformed(stats, dropped);
    return XDP_PASS;
  }
  const header = headerLength(ip);
  const total: u32 = ntohs(ip.totalLength);
  stats.ipv4 += 1;
  stats.ipv4_bytes += length;
  const fragment = ntohs(ip.fragment);
  let ends: u64 = 0;
  if ((fragment & FRAGMENT_OFFSET) === 0) {
    if ((fragment & MORE_FRAGMENTS) !== 0) stats.ipv4_frag_first += 1;
    // Total length 0 comes from segmentation offload and means "to the end of the frame": the difference wraps, to more than any.
    ends = countTransport(packet, stats, ip.protocol, offset + header, total - header, ICMP, length);
  } else {
    stats.ipv4_frag_later += 1;
    ends = countLaterFragment(stats, ip.protocol, ICMP, length);
  }
  if (ends === 0) {
    countUnattributedDrop(stats, dropped);
    return XDP_PASS;
  }
  const addresses = view(ip, Ipv4Addresses).both;
  countFlow(stats, addresses, ends, length, dropped);
  return steer(addresses, ends, (fragment & (MORE_FRAGMENTS | FRAGMENT_OFFSET)) !== 0, length);
}
