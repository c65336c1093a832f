import type { u8, u16, u32, u64, Value } from "@weir/bytecode/layout";
import {
  ntohl,
  ntohs,
  opaque,
  view,
  XDP_DROP,
  XDP_PASS,
  type XdpAction,
  type XdpPacket,
} from "@weir/compiler/language";
import {
  type BalanceStats,
  DELIVERY_IP6IP6,
  DELIVERY_MAC,
  DELIVERY_NONE,
  type ServiceEntry,
} from "../../records/balance.ts";
import { EthernetWords, IcmpStart, Ipv6Flow, PortsWord, TcpFlags } from "../../records/frame.ts";
import { Ipv6Header } from "../../records/ip.ts";
import { isExtension } from "../ipv6.bpf.ts";
import { ABOUT_FLOW, backendOf, FLOW_FLAGS, KIND_MASK, PART_OF_FLOW } from "./connections.bpf.ts";
import {
  countDelivered,
  countExpired,
  countIcmpError,
  countNoBackend,
  countNoNextHop,
  countTooBig,
} from "./counts.bpf.ts";
import { send, sendIp6ip6 } from "./delivery.bpf.ts";
import { DELIVERIES } from "./maps.bpf.ts";
import { findService, isServiceAddress } from "./service-table.bpf.ts";
import { flowKey0, flowKey1, flowKey2, flowKey3, flowKey4 } from "./settings.bpf.ts";
import { answerTooBig6, isHost6, isQuotable6, mayAnswer } from "./too-big.bpf.ts";

type Counts = Value<typeof BalanceStats>;
type Ip = Value<typeof Ipv6Header>;

const ETHERNET = 14;
const HEADER = 40;
const TCP = 6;
const UDP = 17;
const ICMPV6 = 58;
const FRAGMENT = 44;

/** Hashes a flow: client and service address, both ports and the protocol. */
export function flowHash6(
  clientHigh: u64,
  clientLow: u64,
  serviceHigh: u64,
  serviceLow: u64,
  ports: u32,
  protocol: u8,
): u64 {
  return (
    clientHigh * flowKey0 +
    clientLow * flowKey2 +
    serviceHigh * flowKey3 +
    serviceLow * flowKey4 +
    ((ports as u64) | ((protocol as u64) << 32)) * flowKey1
  );
}

/** Sends an IPv6 packet that is for a service to a backend. */
function balance(
  packet: XdpPacket,
  ip: Ip,
  entry: Value<typeof ServiceEntry>,
  hash: u64,
  kind: u32,
  length: u32,
  counts: Counts,
): XdpAction {
  if (ip.hopLimit <= 1) {
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
    const answerable = isQuotable6(length) && isHost6(ip.sourceHigh, ip.sourceLow);
    const says = kind !== ABOUT_FLOW && answerable && mayAnswer(counts);
    countTooBig(entry.service, says);
    if (!says) return XDP_DROP;
    return answerTooBig6(packet, ip.sourceHigh, ip.sourceLow, ip.destinationHigh, ip.destinationLow, route.mtu, length);
  }
  if (kind === ABOUT_FLOW) countIcmpError(entry.service);
  if (route.kind === DELIVERY_MAC) {
    const ethernet = packet.at(EthernetWords, 0);
    if (ethernet === null) return XDP_PASS;
    ip.hopLimit -= 1;
    ethernet.first = route.ethernet[0];
    ethernet.second = route.ethernet[1];
    ethernet.third = route.ethernet[2];
    countDelivered(backend.number, length);
    return send(route);
  }
  if (route.kind === DELIVERY_IP6IP6) {
    ip.hopLimit -= 1;
    const innerLength: u32 = ntohs(ip.payloadLength) + HEADER;
    const verdict = sendIp6ip6(packet, route, view(ip, Ipv6Flow).flow, innerLength, counts);
    if (verdict !== XDP_DROP) countDelivered(backend.number, length);
    return verdict;
  }
  countNoNextHop(entry.service);
  return XDP_DROP;
}

/** An IPv6 packet without VLAN tags: to a backend if it is for a service, on to the network stack if not. */
export function balanceIpv6(packet: XdpPacket, length: u32, counts: Counts): XdpAction {
  const ip = packet.at(Ipv6Header, ETHERNET);
  if (ip === null || ntohl(ip.flow) >> 28 !== 6) return XDP_PASS;
  const outer = ip.nextHeader;
  if (outer !== TCP && outer !== UDP && outer !== ICMPV6) {
    if (isServiceAddress(ip.destinationHigh, ip.destinationLow)) {
      if (outer === FRAGMENT) counts.fragments += 1;
      else if (isExtension(outer)) counts.extension_headers += 1;
    }
    return XDP_PASS;
  }
  const payload: u32 = ntohs(ip.payloadLength);
  if (payload < 8 || payload + ETHERNET + HEADER > length) return XDP_PASS;
  let protocol = outer;
  let clientHigh = ip.sourceHigh;
  let clientLow = ip.sourceLow;
  let ports: u32 = 0;
  let kind: u32 = 0;
  if (outer === ICMPV6) {
    // An error about a packet that a backend has sent in the name of the service: the packet in it goes the other way.
    const icmp = packet.at(IcmpStart, ETHERNET + HEADER);
    const about = packet.at(Ipv6Header, ETHERNET + HEADER + 8);
    const end = packet.at(PortsWord, ETHERNET + HEADER + 8 + HEADER);
    if (icmp === null || about === null || end === null || !isError(icmp.type)) return XDP_PASS;
    if (payload < 8 + HEADER + 8 || ntohl(about.flow) >> 28 !== 6) return XDP_PASS;
    protocol = about.nextHeader;
    if (protocol !== TCP && protocol !== UDP) return XDP_PASS;
    if (about.sourceHigh !== ip.destinationHigh || about.sourceLow !== ip.destinationLow) return XDP_PASS;
    clientHigh = about.destinationHigh;
    clientLow = about.destinationLow;
    ports = (end.both >> 16) | (end.both << 16);
    kind = opaque(ABOUT_FLOW, ip, "flow") & KIND_MASK;
  } else {
    const ends = packet.at(PortsWord, ETHERNET + HEADER);
    if (ends === null) return XDP_PASS;
    ports = ends.both;
    if (outer === UDP) {
      kind = opaque(PART_OF_FLOW, ip, "flow") & KIND_MASK;
    } else {
      const tcp = packet.at(TcpFlags, ETHERNET + HEADER);
      if (tcp === null || payload < 20) return XDP_PASS;
      kind = tcp.flags & FLOW_FLAGS;
    }
  }
  const entry = findService(ip.destinationHigh, ip.destinationLow, (ports >> 16) as u16, protocol);
  if (entry === null) return XDP_PASS;
  const hash = flowHash6(clientHigh, clientLow, ip.destinationHigh, ip.destinationLow, ports, protocol);
  return balance(packet, ip, entry, hash, kind, length, counts);
}

/** RFC 4443, section 2.1: errors have types from 1 to 127, those in use are unreachable, too big, time exceeded, parameter problem. */
function isError(type: u8): boolean {
  return type >= 1 && type <= 4;
}
