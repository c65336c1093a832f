import { struct, type u8, u32, type u64, type Value } from "@weir/bytecode/layout";
import type { XdpPacket } from "@weir/compiler/language";
import { KIND_FRAGMENT, KIND_L4, KIND_NO_PORT } from "../records/flow.ts";
import type { Stats } from "../records/stats.ts";

type Counters = Value<typeof Stats>;

/** Protocol numbers, see https://www.iana.org/assignments/protocol-numbers. */
const TCP = 6;
const UDP = 17;
export const ICMP = 1;
export const ICMPV6 = 58;

/** RFC 9293, section 3.1: 20 bytes, of which only the ports are read, both as one word. */
const TcpHeader = struct({ ports: u32, sequence: u32, acknowledgement: u32, control: u32, checksumAndUrgent: u32 });
/** RFC 768. */
const UdpHeader = struct({ ports: u32, lengthAndChecksum: u32 });
/** RFC 792 and RFC 4443: the part that every message has. */
const IcmpHeader = struct({ typeAndChecksum: u32, rest: u32 });

/** The ends of a connection in one word, as a flow slot keeps them: ports, protocol, kind. */
function ends(ports: u32, protocol: u8, kind: u8): u64 {
  return (ports as u64) | ((protocol as u64) << 32) | ((kind as u64) << 40);
}

function truncated(stats: Counters): u64 {
  stats.malformed += 1;
  stats.unattributed += 1;
  return 0;
}

/**
 * Counts the protocol above IP and gives the ends of the connection, or 0 when there is none to count. `room` is what the IP
 * header leaves for the payload: padding behind it is not part of it. `icmp` is the number of ICMP in this IP version, `length`
 * that of the frame.
 */
export function countTransport(
  packet: XdpPacket,
  stats: Counters,
  protocol: u8,
  offset: u32,
  room: u32,
  icmp: u8,
  length: u32,
): u64 {
  if (protocol === TCP) {
    countTcp(stats, length);
    const header = packet.at(TcpHeader, offset);
    if (header === null || room < 20) {
      stats.tcp_truncated += 1;
      return truncated(stats);
    }
    return ends(header.ports, TCP, KIND_L4);
  }
  if (protocol === UDP) {
    countUdp(stats, length);
    const header = packet.at(UdpHeader, offset);
    if (header === null || room < 8) {
      stats.udp_truncated += 1;
      return truncated(stats);
    }
    return ends(header.ports, UDP, KIND_L4);
  }
  if (protocol === icmp) {
    countIcmp(stats, icmp, length);
    if (packet.at(IcmpHeader, offset) === null || room < 8) stats.malformed += 1;
  } else {
    countOtherProtocol(stats, length);
  }
  return ends(0, protocol, KIND_NO_PORT);
}

/** A fragment that is not the first: it belongs to its protocol, and its ports are in another packet. */
export function countLaterFragment(stats: Counters, protocol: u8, icmp: u8, length: u32): u64 {
  if (protocol === TCP) countTcp(stats, length);
  else if (protocol === UDP) countUdp(stats, length);
  else if (protocol === icmp) countIcmp(stats, icmp, length);
  else countOtherProtocol(stats, length);
  return ends(0, protocol, KIND_FRAGMENT);
}

function countTcp(stats: Counters, length: u32): void {
  stats.tcp += 1;
  stats.tcp_bytes += length;
}

function countUdp(stats: Counters, length: u32): void {
  stats.udp += 1;
  stats.udp_bytes += length;
}

function countIcmp(stats: Counters, icmp: u8, length: u32): void {
  if (icmp === ICMP) {
    stats.icmp += 1;
    stats.icmp_bytes += length;
  } else {
    stats.icmpv6 += 1;
    stats.icmpv6_bytes += length;
  }
}

function countOtherProtocol(stats: Counters, length: u32): void {
  stats.other_proto += 1;
  stats.other_proto_bytes += length;
}
