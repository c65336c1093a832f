import { be16, be32, struct, u8, u32, u64 } from "@weir/bytecode/layout";

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

/** The same 20 bytes, with both addresses as one word: one load, one comparison. */
export const Ipv4Words = struct({ before: struct({ first: u32, second: u32, third: u32 }), addresses: u64 });

/** RFC 8200, section 3. */
export const Ipv6Header = struct({
  versionClassFlow: be32,
  payloadLength: be16,
  nextHeader: u8,
  hopLimit: u8,
  sourceHigh: u64,
  sourceLow: u64,
  destinationHigh: u64,
  destinationLow: u64,
});
