import { array, be16, bytes, packed, u8, u16, u32 } from "@weir/bytecode/layout";

/** An Ethernet header whose two hardware addresses are three words. */
export const EthernetWords = packed({ first: u32, second: u32, third: u32, etherType: be16 });

/** What forwarding changes in an IPv4 header (RFC 791, section 3.1); the checksum as it lies in the packet. */
export const Ipv4Lifetime = packed({ before: bytes(8), timeToLive: u8, protocol: u8, checksum: u16 });

/** An IPv4 header with addresses and numbers as they lie in the packet. */
export const Ipv4Words = packed({
  versionAndLength: u8,
  typeOfService: u8,
  totalLength: u16,
  identification: u16,
  fragment: u16,
  timeToLive: u8,
  protocol: u8,
  checksum: u16,
  source: u32,
  destination: u32,
});

/** Version, traffic class and flow label of an IPv6 header, as they lie in the packet. */
export const Ipv6Flow = packed({ flow: u32 });

/** An IPv6 header with addresses in words of 32 bits, as they lie in the packet. */
export const Ipv6Words = packed({
  flow: u32,
  payloadLength: u16,
  nextHeader: u8,
  hopLimit: u8,
  source: array(u32, 4),
  destination: array(u32, 4),
});

/** The ports of TCP or UDP as one word, as they lie in the packet: the source's in the lower half. */
export const PortsWord = packed({ both: u32 });
/** A TCP header up to its flags (RFC 9293, section 3.1). */
export const TcpFlags = packed({ before: bytes(12), offset: u8, flags: u8, window: u16, checksum: u16, urgent: u16 });

/** How ICMP and ICMPv6 messages begin (RFC 792, RFC 4443, section 2.1); errors go on with the packet that they are about. */
export const IcmpStart = packed({ type: u8, code: u8, checksum: u16, rest: u32 });
