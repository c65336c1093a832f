import type { u8, u16, u32, u64, Value } from "@weir/bytecode/layout";
import { ntohs, opaque, view, XDP_DROP, XDP_PASS, type XdpAction, type XdpPacket } from "@weir/compiler/language";
import {
  type BalanceStats,
  DELIVERY_IPIP,
  DELIVERY_MAC,
  DELIVERY_NONE,
  type ServiceEntry,
} from "../../records/balance.ts";
import { EthernetWords, IcmpStart, Ipv4Lifetime, Ipv4Words, PortsWord, TcpFlags } from "../../records/frame.ts";
import { Ipv4Addresses, Ipv4Header } from "../../records/ip.ts";
import { ABOUT_FLOW, backendOf, FLOW_FLAGS, KIND_MASK, PART_OF_FLOW } from "./connections.bpf.ts";
import {
  countDelivered,
  countExpired,
  countIcmpError,
  countNoBackend,
  countNoNextHop,
  countTooBig,
} from "./counts.bpf.ts";
import { send, sendIpip } from "./delivery.bpf.ts";
import { DELIVERIES } from "./maps.bpf.ts";
import { findService, isServiceAddress } from "./service-table.bpf.ts";
import { flowKey0, flowKey1 } from "./settings.bpf.ts";
import { answerTooBig, isHost, isQuotable, mayAnswer } from "./too-big.bpf.ts";

type Counts = Value<typeof BalanceStats>;
type Ip = Value<typeof Ipv4Header>;

const ETHERNET = 14;
const TCP = 6;
const UDP = 17;
const ICMP = 1;
/** More fragments, or not the first. */
const FRAGMENTED = 0x3fff;
/** The offset of a fragment, as it lies in a packet. */
const LATER_FRAGMENT = 0xff1f;

/** Takes one from the TTL; the checksum follows (RFC 1624). */
function age(ip: Ip): void {
  const words = view(ip, Ipv4Lifetime);
  const sum: u32 = words.checksum + 1;
  words.checksum = (sum + (sum >= 0xffff ? 1 : 0)) as u16;
  words.timeToLive -= 1;
}

/** Hashes a flow: client and service address, both ports and the protocol. */
export function flowHash(addresses: u64, ports: u32, protocol: u8): u64 {
  return addresses * flowKey0 + ((ports as u64) | ((protocol as u64) << 32)) * flowKey1;
}

/** Sends an IPv4 packet that is for a service to a backend. */
function balance(
  packet: XdpPacket,
  ip: Ip,
  entry: Value<typeof ServiceEntry>,
  hash: u64,
  kind: u32,
  length: u32,
  counts: Counts,
): XdpAction {
  if (ip.timeToLive <= 1) {
    countExpired(entry.service);
    return XDP_PASS;
  }
  const backend = backendOf(entry.service, hash, kind);
  if (backend === null) {
    countNoBackend(entry.service);
    return entry.drops === 0 ? XDP_PASS : XDP_DROP;
  }
  const route = DELIVERIES.lookup(backend.delivery);
  if (route === null) return XDP_DROP;
  if (length > route.mtu + ETHERNET && route.kind !== DELIVERY_NONE) {
    const answerable = isQuotable(length) && isHost(view(ip, Ipv4Addresses).both);
    const says = kind !== ABOUT_FLOW && answerable && mayAnswer(counts);
    countTooBig(entry.service, says);
    return says ? answerTooBig(packet, view(ip, Ipv4Addresses).both, route.mtu, length) : XDP_DROP;
  }
  if (kind === ABOUT_FLOW) countIcmpError(entry.service);
  if (route.kind === DELIVERY_MAC) {
    const ethernet = packet.at(EthernetWords, 0);
    if (ethernet === null) return XDP_PASS;
    age(ip);
    ethernet.first = route.ethernet[0];
    ethernet.second = route.ethernet[1];
    ethernet.third = route.ethernet[2];
    countDelivered(backend.number, length);
    return send(route);
  }
  if (route.kind === DELIVERY_IPIP) {
    age(ip);
    const verdict = sendIpip(packet, route, ip.typeOfService, ntohs(ip.totalLength), counts);
    if (verdict !== XDP_DROP) countDelivered(backend.number, length);
    return verdict;
  }
  countNoNextHop(entry.service);
  return XDP_DROP;
}

/** An IPv4 packet without VLAN tags: to a backend if it is for a service, on to the network stack if not. */
export function balanceIpv4(packet: XdpPacket, length: u32, counts: Counts): XdpAction {
  const ip = packet.at(Ipv4Header, ETHERNET);
  if (ip === null || ip.versionAndLength >> 4 !== 4) return XDP_PASS;
  const outer = ip.protocol;
  if (outer !== TCP && outer !== UDP && outer !== ICMP) return XDP_PASS;
  let addresses = view(ip, Ipv4Addresses).both;
  if ((ntohs(ip.fragment) & FRAGMENTED) !== 0) {
    if (isServiceAddress(0, addresses >> 32)) counts.fragments += 1;
    return XDP_PASS;
  }
  const header: u32 = (ip.versionAndLength & 15) << 2;
  const total: u32 = ntohs(ip.totalLength);
  if (header < 20 || total < header + 8 || total + ETHERNET > length) return XDP_PASS;
  let protocol = outer;
  let ports: u32 = 0;
  let kind: u32 = 0;
  if (outer === ICMP) {
    // An error about a packet that a backend has sent in the name of the service: the packet in it goes the other way.
    const icmp = packet.at(IcmpStart, ETHERNET + header);
    const about = packet.at(Ipv4Words, ETHERNET + header + 8);
    if (icmp === null || about === null || !isError(icmp.type) || about.versionAndLength >> 4 !== 4) return XDP_PASS;
    const inner: u32 = (about.versionAndLength & 15) << 2;
    const end = packet.at(PortsWord, ETHERNET + header + 8 + inner);
    if (end === null || inner < 20 || total < header + 8 + inner + 8 || (about.fragment & LATER_FRAGMENT) !== 0) {
      return XDP_PASS;
    }
    protocol = about.protocol;
    if ((protocol !== TCP && protocol !== UDP) || (about.source as u64) !== addresses >> 32) return XDP_PASS;
    addresses = ((about.source as u64) << 32) | about.destination;
    ports = (end.both >> 16) | (end.both << 16);
    kind = opaque(ABOUT_FLOW, ip, "identification") & KIND_MASK;
  } else {
    const ends = packet.at(PortsWord, ETHERNET + header);
    if (ends === null) return XDP_PASS;
    ports = ends.both;
    if (outer === UDP) {
      kind = opaque(PART_OF_FLOW, ip, "identification") & KIND_MASK;
    } else {
      const tcp = packet.at(TcpFlags, ETHERNET + header);
      if (tcp === null || total < header + 20) return XDP_PASS;
      kind = tcp.flags & FLOW_FLAGS;
    }
  }
  const entry = findService(0, addresses >> 32, (ports >> 16) as u16, protocol);
  if (entry === null) return XDP_PASS;
  return balance(packet, ip, entry, flowHash(addresses, ports, protocol), kind, length, counts);
}

/** RFC 792, and RFC 1812 section 4.3.2: unreachable, time exceeded, parameter problem. */
function isError(type: u8): boolean {
  return type === 3 || type === 11 || type === 12;
}
