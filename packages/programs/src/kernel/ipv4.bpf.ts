import type { u32, u64, Value } from "@weir/bytecode/layout";
import { ntohs, view, type XdpPacket } from "@weir/compiler/language";
import { Ipv4Addresses, Ipv4Header } from "../records/ip.ts";
import type { Stats } from "../records/stats.ts";
import { countFlow } from "./flow-table.bpf.ts";
import { countLaterFragment, countTransport, ICMP } from "./transport.bpf.ts";

const MORE_FRAGMENTS = 0x2000;
const FRAGMENT_OFFSET = 0x1fff;
/** Counts an IPv4 packet; false when its header is malformed. */
export function countIpv4(packet: XdpPacket, stats: Value<typeof Stats>, offset: u32, length: u32): boolean {
  const ip = packet.at(Ipv4Header, offset);
  if (ip === null || ip.versionAndLength >> 4 !== 4) return false;
  const header: u32 = (ip.versionAndLength & 15) << 2;
  const total: u32 = ntohs(ip.totalLength);
  if (header < 20 || offset + header > length || (total !== 0 && total < header)) return false;
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
  if (ends !== 0) countFlow(stats, view(ip, Ipv4Addresses).both, ends, length);
  return true;
}
