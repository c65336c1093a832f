// Header rewrite and transmit: a reflector for UDP, port 7 (RFC 862). Addresses and ports change places, the time to live is
// set anew, and the frame goes back out.
import { be16, struct, u16, type u32, u64 } from "@weir/bytecode/layout";
import { htons, ntohs, perCpuArrayMap, XDP_ABORTED, XDP_DROP, XDP_PASS, XDP_TX, xdp } from "@weir/compiler/language";
import { Ipv4, Udp, VlanTag } from "../headers.ts";

const Address = struct({ first: u16, second: u16, third: u16 });
const Frame = struct({ destination: Address, source: Address, type: be16 });
const Counters = struct({ reflected: u64, bytes: u64, others: u64 });
export const COUNTERS = perCpuArrayMap({ value: Counters, maxEntries: 1 });

const ECHO = 7;
const TIME_TO_LIVE = 64;

export const program = xdp((packet) => {
  const counters = COUNTERS.lookup(0);
  const frame = packet.at(Frame, 0);
  if (counters === null || frame === null) return XDP_ABORTED;
  let type = frame.type;
  let start: u32 = 14;
  if (type === htons(0x8100)) {
    const tag = packet.at(VlanTag, 14);
    if (tag === null) return XDP_ABORTED;
    type = tag.type;
    start = 18;
  }
  const ip = packet.at(Ipv4, start);
  if (type !== htons(0x0800) || ip === null) {
    counters.others += 1;
    return XDP_PASS;
  }
  const udp = packet.at(Udp, start + 20);
  if (ip.versionAndLength !== 0x45 || ip.protocol !== 17 || udp === null || ntohs(udp.destination) !== ECHO) {
    counters.others += 1;
    return XDP_PASS;
  }
  if (ntohs(udp.source) < 1) return XDP_DROP;

  const first = frame.destination.first;
  const second = frame.destination.second;
  const third = frame.destination.third;
  frame.destination.first = frame.source.first;
  frame.destination.second = frame.source.second;
  frame.destination.third = frame.source.third;
  frame.source.first = first;
  frame.source.second = second;
  frame.source.third = third;

  const source = ip.source;
  ip.source = ip.destination;
  ip.destination = source;
  // RFC 1624, equation 3, for the word of time to live and protocol.
  let sum: u32 = (~ntohs(ip.checksum) & 0xffff) + (~(ip.timeToLive << 8) & 0xffff) + (TIME_TO_LIVE << 8);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  ip.checksum = htons((~sum & 0xffff) as u16);
  ip.timeToLive = TIME_TO_LIVE;
  const port = udp.source;
  udp.source = udp.destination;
  udp.destination = port;

  counters.reflected += 1;
  counters.bytes += packet.length;
  return XDP_TX;
});
