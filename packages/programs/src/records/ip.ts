import { be16, be32, bytes, packed, struct, u8, u64 } from "@weir/bytecode/layout";

/** RFC 791, section 3.1. */
export const Ipv4Header = struct({
  versionAndLength: u8,
  typeOfService: u8,
  totalLength: be16,
  identification: be16,
  fragment: be16,
  timeToLive: u8,
  protocol: u8,
  checksum: be16,
  source: be32,
  destination: be32,
});

/** The addresses of an IPv4 header as they lie there: both in one 8-byte word, one load and one comparison. */
export const Ipv4Addresses = packed({ before: bytes(12), both: u64 });

/** RFC 8200, section 3; the addresses as words in the order they lie in memory. */
export const Ipv6Header = struct({
  /** Version, traffic class, flow label. */
  flow: be32,
  payloadLength: be16,
  nextHeader: u8,
  hopLimit: u8,
  sourceHigh: u64,
  sourceLow: u64,
  destinationHigh: u64,
  destinationLow: u64,
});

/** How every IPv6 extension header begins (RFC 8200, section 4), with the fields of a fragment header (section 4.5). */
export const ExtensionHeader = struct({ nextHeader: u8, length: u8, fragment: be16, identification: be32 });
