/** What the programs of the suite share: packet headers, and the packet as numbers of each width. */
import { array, be16, be32, be64, bytes, struct, u8, u32, u64 } from "@weir/bytecode/layout";

export const Ethernet = struct({ destination: bytes(6), source: bytes(6), type: be16 });
export const VlanTag = struct({ control: be16, type: be16 });

export const Ipv4 = struct({
  versionAndLength: u8,
  service: u8,
  length: be16,
  identification: be16,
  fragment: be16,
  timeToLive: u8,
  protocol: u8,
  checksum: be16,
  source: be32,
  destination: be32,
});

export const Ipv6 = struct({
  flow: be32,
  length: be16,
  next: u8,
  hopLimit: u8,
  sourceHigh: be64,
  sourceLow: be64,
  destinationHigh: be64,
  destinationLow: be64,
});

export const Tcp = struct({
  source: be16,
  destination: be16,
  sequence: be32,
  acknowledgment: be32,
  offset: u8,
  flags: u8,
  window: be16,
  checksum: be16,
  urgent: be16,
});

export const Udp = struct({ source: be16, destination: be16, length: be16, checksum: be16 });

export const Words = struct({ words: array(u32, 16) });
export const Longs = struct({ longs: array(u64, 8) });
export const Octets = struct({ octets: bytes(64) });
