import { type u8, type u32, u64, type Value } from "@weir/bytecode/layout";
import { ntohl, ntohs, opaque, XDP_PASS, type XdpPacket } from "@weir/compiler/language";
import { ExtensionHeader, Ipv6Header } from "../records/ip.ts";
import type { Stats } from "../records/stats.ts";
import { countFlow6 } from "./flow-table.bpf.ts";
import { countMalformed } from "./malformed.bpf.ts";
import { steer6, steersFragments } from "./steering.bpf.ts";
import { countLaterFragment, countTransport, ICMPV6 } from "./transport.bpf.ts";
import { countUnattributedDrop } from "./unattributed-drop.bpf.ts";

type Counters = Value<typeof Stats>;

const FRAGMENT = 44;
const AUTHENTICATION = 51;

const MORE_FRAGMENTS = 1;
const FRAGMENT_OFFSET = 0xfff8;
/** A bit of the ends of a connection that the flow table does not see: the packet is a first fragment. */
const FIRST_FRAGMENT = u64.of(1n << 63n);
const NOT_FIRST_FRAGMENT = u64.of((1n << 63n) - 1n);
/** Payload length 0 means "to the end of the frame": jumbograms and segmentation offload. */
const UNLIMITED = 0x1_ffff;

/** Headers followed, and how far into the frame: a bound that the verifier can count to. */
const MAX_HEADERS = 32;
const MAX_OFFSET = 4000;
const OFFSET_MASK = 0xfff;

/**
 * The extension headers (https://www.iana.org/assignments/ipv6-parameters) as bits, so that each header is one question:
 * eight comparisons in a loop would be eight ways for the verifier.
 */
const EXTENSIONS = u64.of(
  (1n << 0n) | // hop-by-hop options
    (1n << 43n) | // routing
    (1n << 44n) | // fragment
    (1n << 51n) | // authentication
    (1n << 60n), // destination options
);
const EXTENSIONS_FROM_128 = u64.of(
  (1n << 7n) | // mobility
    (1n << 11n) | // host identity
    (1n << 12n), // shim6
);

export function isExtension(header: u8): boolean {
  if (header < 64) return ((EXTENSIONS >> header) & 1) !== 0;
  return header >= 128 && header < 192 && ((EXTENSIONS_FROM_128 >> (header & 63)) & 1) !== 0;
}

/** Bytes of an extension header (RFC 8200 section 4; RFC 4302 section 2.2 counts in words of 4). */
function extensionSize(type: u8, length: u8): u32 {
  if (type === FRAGMENT) return 8;
  if (type === AUTHENTICATION) return (length + 2) << 2;
  return (length + 1) << 3;
}

/** A chain of headers that ends before its protocol is known. */
function countUnknown(stats: Counters, firstFragments: u32, length: u32): u64 {
  stats.ipv6_frag_first += firstFragments;
  stats.proto_unknown += 1;
  stats.proto_unknown_bytes += length;
  stats.malformed += 1;
  stats.unattributed += 1;
  return 0;
}

/**
 * Walks the extension headers; the ends of the connection, or 0 when there is none to count. What the verifier knows of the
 * offsets is hidden from it: it would follow every sequence of headers.
 */
function countPayload(
  packet: XdpPacket,
  stats: Counters,
  ip: Value<typeof Ipv6Header>,
  start: u32,
  end: u32,
  length: u32,
): u64 {
  let next = ip.nextHeader;
  if (!isExtension(next)) return countTransport(packet, stats, next, start, end - start, ICMPV6, length);
  let offset = opaque(start, ip, "flow") & OFFSET_MASK;
  const limit = opaque(end, ip, "flow") & UNLIMITED;
  let firstFragments: u32 = 0;
  for (let headers = 0; isExtension(next); headers++) {
    const extension = packet.at(ExtensionHeader, offset);
    if (extension === null || headers >= MAX_HEADERS) return countUnknown(stats, firstFragments, length);
    const after = offset + extensionSize(next, extension.length);
    if (after > limit || after > length || after > MAX_OFFSET) return countUnknown(stats, firstFragments, length);
    offset = opaque(after, extension, "identification") & OFFSET_MASK;
    const type = next;
    next = extension.nextHeader;
    if (type === FRAGMENT) {
      const fragment = ntohs(extension.fragment);
      if ((fragment & FRAGMENT_OFFSET) !== 0) {
        stats.ipv6_frag_first += firstFragments;
        stats.ipv6_frag_later += 1;
        return countLaterFragment(stats, next, ICMPV6, length);
      }
      firstFragments |= fragment & MORE_FRAGMENTS;
    }
  }
  stats.ipv6_frag_first += firstFragments;
  const ends = countTransport(packet, stats, next, offset, limit - offset, ICMPV6, length);
  return steersFragments() && firstFragments !== 0 && ends !== 0 ? ends | FIRST_FRAGMENT : ends;
}

/** Counts an IPv6 packet, and gives its verdict. */
export function countIpv6(packet: XdpPacket, stats: Counters, offset: u32, length: u32, dropped: u64): u32 {
  const ip = packet.at(Ipv6Header, offset);
  if (ip === null || ntohl(ip.flow) >> 28 !== 6) {
    countMalformed(stats, dropped);
    return XDP_PASS;
  }
  stats.ipv6 += 1;
  stats.ipv6_bytes += length;
  const start = offset + 40;
  const payload: u32 = ntohs(ip.payloadLength);
  const end = payload !== 0 ? start + payload : UNLIMITED;
  let ends = countPayload(packet, stats, ip, start, end, length);
  if (ends === 0) {
    countUnattributedDrop(stats, dropped);
    return XDP_PASS;
  }
  let isFirst = false;
  if (steersFragments()) {
    isFirst = ends > NOT_FIRST_FRAGMENT;
    ends &= NOT_FIRST_FRAGMENT;
  }
  countFlow6(stats, ip.sourceHigh, ip.sourceLow, ip.destinationHigh, ip.destinationLow, ends, length, dropped);
  return steer6(ip, ends, isFirst, length);
}
