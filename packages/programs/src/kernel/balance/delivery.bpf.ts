import { be16, packed, u8, u16, u32, u64, type Value } from "@weir/bytecode/layout";
import { htons, redirect, XDP_DROP, XDP_TX, type XdpAction, type XdpPacket } from "@weir/compiler/language";
import type { BalanceStats, Delivery } from "../../records/balance.ts";
import { checksum, swapped } from "./checksum.bpf.ts";

type Route = Value<typeof Delivery>;
type Counts = Value<typeof BalanceStats>;

const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
/** `IPPROTO_IPIP`, `IPPROTO_IPV6`. */
const IPIP = 4;
const IP6IP6 = 41;
/** Of the outer header: the tunnel is a way of its own, however long the inner packet has been under way. */
const TUNNEL_LIFETIME = 64;
/** Don't fragment, as it lies in the packet. So the identification may be 0 (RFC 6864, section 4.1). */
const DONT_FRAGMENT = 0x0040;
/** Version 4, 20 bytes. */
const VERSION_AND_LENGTH = 0x45;

/** What the frame begins with once an IPv4 header is put around its packet. */
const OuterIpv4 = packed({
  first: u32,
  second: u32,
  third: u32,
  etherType: be16,
  versionAndLength: u8,
  typeOfService: u8,
  totalLength: be16,
  identification: u16,
  fragment: u16,
  timeToLive: u8,
  protocol: u8,
  checksum: u16,
  source: u32,
  destination: u32,
});

const OuterIpv6 = packed({
  first: u32,
  second: u32,
  third: u32,
  etherType: be16,
  flow: u32,
  payloadLength: be16,
  nextHeader: u8,
  hopLimit: u8,
  sourceHigh: u64,
  sourceLow: u64,
  destinationHigh: u64,
  destinationLow: u64,
});

/** The frame, complete now, goes out. */
export function send(route: Route): XdpAction {
  return route.interface === 0 ? XDP_TX : redirect(route.interface);
}

/** Puts an IPv4 header around an IPv4 packet (RFC 2003, section 3.1): type of service copied, with ECN (RFC 6040). */
export function sendIpip(
  packet: XdpPacket,
  route: Route,
  typeOfService: u8,
  innerLength: u32,
  counts: Counts,
): XdpAction {
  if (packet.adjustHead(-IPV4_HEADER) !== 0) {
    counts.no_headroom += 1;
    return XDP_DROP;
  }
  const outer = packet.at(OuterIpv4, 0);
  if (outer === null) return XDP_DROP;
  outer.first = route.ethernet[0];
  outer.second = route.ethernet[1];
  outer.third = route.ethernet[2];
  outer.etherType = htons(0x0800);
  outer.versionAndLength = VERSION_AND_LENGTH;
  outer.typeOfService = typeOfService;
  const total = htons((innerLength + IPV4_HEADER) as u16);
  outer.totalLength = total;
  outer.identification = 0;
  outer.fragment = DONT_FRAGMENT;
  outer.timeToLive = TUNNEL_LIFETIME;
  outer.protocol = IPIP;
  outer.checksum = checksum((route.outerSum as u64) + (typeOfService << 8) + swapped(innerLength + IPV4_HEADER));
  outer.source = route.sourceLow as u32;
  outer.destination = route.destinationLow as u32;
  return send(route);
}

/** Puts an IPv6 header around an IPv6 packet (RFC 2473, section 3): traffic class and flow label copied. */
export function sendIp6ip6(packet: XdpPacket, route: Route, flow: u32, innerLength: u32, counts: Counts): XdpAction {
  if (packet.adjustHead(-IPV6_HEADER) !== 0) {
    counts.no_headroom += 1;
    return XDP_DROP;
  }
  const outer = packet.at(OuterIpv6, 0);
  if (outer === null) return XDP_DROP;
  outer.first = route.ethernet[0];
  outer.second = route.ethernet[1];
  outer.third = route.ethernet[2];
  outer.etherType = htons(0x86dd);
  outer.flow = flow;
  outer.payloadLength = htons(innerLength as u16);
  outer.nextHeader = IP6IP6;
  outer.hopLimit = TUNNEL_LIFETIME;
  outer.sourceHigh = route.sourceHigh;
  outer.sourceLow = route.sourceLow;
  outer.destinationHigh = route.destinationHigh;
  outer.destinationLow = route.destinationLow;
  return send(route);
}
