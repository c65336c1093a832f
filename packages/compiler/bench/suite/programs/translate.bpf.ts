// Checksum update: one address is translated to another, and back; the checksums of IPv4, TCP and UDP are corrected by the
// difference (RFC 1624).
import { array, bytes, struct, u8, u16, type u32, u64 } from "@weir/bytecode/layout";
import { htons, perCpuArrayMap, XDP_ABORTED, XDP_PASS, XDP_TX, xdp } from "@weir/compiler/language";
import { Ethernet } from "../headers.ts";

// Sums of halves are the same in both byte orders, so they are taken as they lie there.
const Ipv4Halves = struct({
  before: bytes(8),
  timeToLive: u8,
  protocol: u8,
  checksum: u16,
  source: array(u16, 2),
  destination: array(u16, 2),
});
const TcpChecksum = struct({ before: bytes(16), checksum: u16 });
const UdpChecksum = struct({ before: bytes(6), checksum: u16 });
const Counters = struct({ translated: u64, passed: u64 });
export const COUNTERS = perCpuArrayMap({ value: Counters, maxEntries: 1 });

const NETWORK = 0x00c0; // 192.0 as it lies in memory on little-endian machines
const INSIDE = 0x0102; // .2.1
const OUTSIDE = 0x0163; // .99.1

function corrected(checksum: u16, before: u16, after: u16): u16 {
  let sum: u32 = (~checksum & 0xffff) + (~before & 0xffff) + after;
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  return (~sum & 0xffff) as u16;
}

export const program = xdp((packet) => {
  const counters = COUNTERS.lookup(0);
  const ethernet = packet.at(Ethernet, 0);
  if (counters === null || ethernet === null) return XDP_ABORTED;
  const ip = packet.at(Ipv4Halves, 14);
  if (ethernet.type !== htons(0x0800) || ip === null) return XDP_PASS;
  const before = ip.source[1];
  if (ip.source[0] !== NETWORK || (before !== INSIDE && before !== OUTSIDE)) {
    counters.passed += 1;
    return XDP_PASS;
  }
  const after: u16 = before === INSIDE ? OUTSIDE : INSIDE;
  if (ip.protocol === 6) {
    const tcp = packet.at(TcpChecksum, 34);
    if (tcp === null) return XDP_ABORTED;
    tcp.checksum = corrected(tcp.checksum, before, after);
  } else if (ip.protocol === 17) {
    const udp = packet.at(UdpChecksum, 34);
    if (udp === null) return XDP_ABORTED;
    if (udp.checksum !== 0) {
      const checksum = corrected(udp.checksum, before, after);
      udp.checksum = checksum === 0 ? 0xffff : checksum;
    }
  }
  ip.checksum = corrected(ip.checksum, before, after);
  ip.source[1] = after;
  counters.translated += 1;
  return XDP_TX;
});
