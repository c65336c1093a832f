/** What rules ask with `protochain`: a walk along the headers of a packet, as libpcap's. */
import { be32, packed, u8, type u32, u64 } from "@weir/bytecode/layout";
import { globalFunction, ntohl, opaque, type XdpPacket } from "@weir/compiler/language";
import { CHAIN_ENDED, CHAIN_HAS, CHAIN_LACKS } from "../records/rules.ts";

/** How both headers of IP begin. */
const Start = packed({ word: be32 });
/** What says which header is behind. */
const Octet = packed({ value: u8 });
const Header = packed({ next: u8, length: u8 });

const IPV6_SIZE = 40;
const IPV4_PROTOCOL = 9;
const IPV6_NEXT = 6;
const AUTHENTICATION = 51;
/** Of IPv6: options for every hop, routing, fragment, options for the destination. */
const EXTENSIONS = u64.of((1n << 0n) | (1n << 43n) | (1n << 44n) | (1n << 60n));

/** As many of 8 bytes as there can be in a page, and those of IPv4 that lead to each other in a ring come to an end. */
const MOST_HEADERS = 512;
/** The verifier lets a program read up to 64 KiB behind the start of a packet. */
const FURTHEST = 0xff00;

/**
 * Whether a protocol is that of a header of IP, or of one behind it. What the verifier knows of the places is hidden from it, and the function is
 * gone through once, whoever calls it: it would follow every sequence of headers.
 *
 * @param at where the header of IP begins
 * @returns `CHAIN_HAS`, `CHAIN_LACKS`, or `CHAIN_ENDED` where the frame ends before that is known
 */
export const in_chain = globalFunction((packet: XdpPacket, at: u32, version: u32, protocol: u32): u32 => {
  if (at > FURTHEST) return CHAIN_ENDED;
  const start = packet.at(Start, at);
  const first = packet.at(Octet, at + (version === 4 ? IPV4_PROTOCOL : IPV6_NEXT));
  if (start === null || first === null) return CHAIN_ENDED;
  // 4 has no bit that 2 has, 6 has: computed, because after a comparison the verifier would follow either version by itself.
  const extensions = EXTENSIONS & (0 - (((version >> 1) & 1) as u64));
  let next = first.value;
  let offset = opaque(version === 4 ? ((ntohl(start.word) >> 24) & 15) << 2 : IPV6_SIZE, start, "word");
  for (let headers = 0; headers < MOST_HEADERS; headers++) {
    if (next === protocol) return CHAIN_HAS;
    const isExtension = next < 64 && ((extensions >> next) & 1) !== 0;
    if (!isExtension && next !== AUTHENTICATION) return CHAIN_LACKS;
    const place = at + offset;
    if (place > FURTHEST) return CHAIN_ENDED;
    const header = packet.at(Header, place);
    if (header === null) return CHAIN_ENDED;
    next = header.next;
    // Behind an authentication header libpcap goes on as if that had been at the start of IP.
    const after = isExtension ? offset + ((header.length + 1) << 3) : (header.length + 2) << 2;
    offset = opaque(after, start, "word");
  }
  return next === protocol ? CHAIN_HAS : CHAIN_LACKS;
});
