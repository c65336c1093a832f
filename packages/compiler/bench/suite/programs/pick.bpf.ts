// Hashing and table pick: the ends of a flow are hashed, a table says which of the backends takes it, and that one counts.
import { struct, u32, u64 } from "@weir/bytecode/layout";
import {
  arrayMap,
  config,
  htons,
  ntohl,
  ntohll,
  ntohs,
  XDP_ABORTED,
  XDP_DROP,
  XDP_PASS,
  XDP_TX,
  type XdpPacket,
  xdp,
} from "@weir/compiler/language";
import { Ethernet, Ipv4, Ipv6, Udp } from "../headers.ts";

const TABLE_SIZE = 4096;
const Backend = struct({ packets: u64, bytes: u64, address: u32, weight: u32 });
export const TABLE = arrayMap({ value: struct({ backend: u32 }), maxEntries: TABLE_SIZE });
export const BACKENDS = arrayMap({ value: Backend, maxEntries: 64 });

const seed = config("seed", u32, 0x5eed);
const FACTOR = u64.of(0x9e37_79b9_7f4a_7c15n);

function mixed(hash: u64): u32 {
  const once = (hash ^ (hash >> 33)) * u64.of(0xff51_afd7_ed55_8ccdn);
  return ((once ^ (once >> 29)) >> 32) as u32;
}

function choose(packet: XdpPacket, hash: u32): u32 {
  const entry = TABLE.lookup(hash & (TABLE_SIZE - 1));
  if (entry === null) return XDP_DROP;
  const backend = BACKENDS.lookup(entry.backend);
  if (backend === null) return XDP_DROP;
  backend.packets += 1;
  backend.bytes += packet.length;
  return backend.weight === 0 ? XDP_TX : XDP_PASS;
}

export const program = xdp((packet) => {
  const ethernet = packet.at(Ethernet, 0);
  if (ethernet === null) return XDP_ABORTED;
  if (ethernet.type === htons(0x0800)) {
    const ip = packet.at(Ipv4, 14);
    if (ip === null) return XDP_ABORTED;
    if (ip.protocol !== 6 && ip.protocol !== 17) return XDP_PASS;
    const ports = packet.at(Udp, 14 + ((ip.versionAndLength & 15) << 2));
    if (ports === null) return XDP_ABORTED;
    const ends = ((ntohl(ip.source) as u64) << 32) | ntohl(ip.destination);
    const rest = ((ntohs(ports.source) as u64) << 24) | ((ntohs(ports.destination) as u64) << 8) | ip.protocol;
    return choose(packet, mixed((ends ^ seed) * FACTOR + rest));
  }
  if (ethernet.type === htons(0x86dd)) {
    const ip = packet.at(Ipv6, 14);
    if (ip === null) return XDP_ABORTED;
    if (ip.next !== 6 && ip.next !== 17) return XDP_PASS;
    const ports = packet.at(Udp, 54);
    if (ports === null) return XDP_ABORTED;
    const source = mixed(ntohll(ip.sourceHigh) ^ (ntohll(ip.sourceLow) * FACTOR));
    const ends = (((source as u64) << 32) ^ ntohll(ip.destinationHigh)) + ntohll(ip.destinationLow) * FACTOR;
    const rest = ((ntohs(ports.source) as u64) << 24) | ((ntohs(ports.destination) as u64) << 8) | ip.next;
    return choose(packet, mixed((ends ^ seed) * FACTOR + rest));
  }
  return XDP_PASS;
});
