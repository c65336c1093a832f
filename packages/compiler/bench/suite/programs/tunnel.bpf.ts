// Tunnel encapsulation: IPv4 in IPv4 (RFC 2003). What is for the other network gets an outer header; what comes with one loses it.
import { be16, struct, u16, type u32, u64 } from "@weir/bytecode/layout";
import {
  htonl,
  htons,
  ntohs,
  perCpuArrayMap,
  XDP_ABORTED,
  XDP_DROP,
  XDP_PASS,
  XDP_TX,
  xdp,
} from "@weir/compiler/language";
import { Ipv4 } from "../headers.ts";

const Address = struct({ first: u16, second: u16, third: u16 });
const Frame = struct({ destination: Address, source: Address, type: be16 });
const Counters = struct({ encapsulated: u64, decapsulated: u64, passed: u64, failed: u64 });
export const COUNTERS = perCpuArrayMap({ value: Counters, maxEntries: 1 });

const LENGTH = 20;
const IP_IN_IP = 4;

/** Of an outer header: all but its length and identification are known. */
function checksumOf(length: u16, identification: u16): u16 {
  let sum: u32 = 0x4500 + length + identification + 0x4000 + ((64 << 8) | IP_IN_IP);
  sum += 0xc633 + 0x6401 + 0xc633 + 0x6402;
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  return (~sum & 0xffff) as u16;
}

export const program = xdp((packet) => {
  const counters = COUNTERS.lookup(0);
  const frame = packet.at(Frame, 0);
  if (counters === null || frame === null) return XDP_ABORTED;
  const inner = packet.at(Ipv4, 14);
  if (frame.type !== htons(0x0800) || inner === null || inner.versionAndLength !== 0x45) {
    counters.passed += 1;
    return XDP_PASS;
  }
  const destination1 = frame.destination.first;
  const destination2 = frame.destination.second;
  const destination3 = frame.destination.third;
  const source1 = frame.source.first;
  const source2 = frame.source.second;
  const source3 = frame.source.third;
  const length = ntohs(inner.length);
  const identification = ntohs(inner.identification);
  const protocol = inner.protocol;
  if (packet.adjustHead(protocol === IP_IN_IP ? LENGTH : -LENGTH) !== 0) {
    counters.failed += 1;
    return XDP_DROP;
  }
  const moved = packet.at(Frame, 0);
  if (moved === null) return XDP_ABORTED;
  moved.destination.first = source1;
  moved.destination.second = source2;
  moved.destination.third = source3;
  moved.source.first = destination1;
  moved.source.second = destination2;
  moved.source.third = destination3;
  moved.type = htons(0x0800);
  if (protocol === IP_IN_IP) {
    counters.decapsulated += 1;
    return XDP_PASS;
  }
  const outer = packet.at(Ipv4, 14);
  if (outer === null) return XDP_ABORTED;
  const total: u16 = (length + LENGTH) as u16;
  outer.versionAndLength = 0x45;
  outer.service = 0;
  outer.length = htons(total);
  outer.identification = htons(identification);
  outer.fragment = htons(0x4000);
  outer.timeToLive = 64;
  outer.protocol = IP_IN_IP;
  outer.checksum = htons(checksumOf(total, identification));
  outer.source = htonl(0xc633_6401);
  outer.destination = htonl(0xc633_6402);
  counters.encapsulated += 1;
  return XDP_TX;
});
