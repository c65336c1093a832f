/** The headers that the examples look at. */
import { be16, be32, packed, struct, u8 } from "@weir/bytecode/layout";

/** Six bytes, as numbers that are copied at once. */
export const HardwareAddress = packed({ first: be32, last: be16 });

export const Ethernet = packed({ destination: HardwareAddress, source: HardwareAddress, type: be16 });

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

export const Udp = struct({ sourcePort: be16, destinationPort: be16, length: be16, checksum: be16 });

export const Tcp = struct({
  sourcePort: be16,
  destinationPort: be16,
  sequence: be32,
  acknowledgement: be32,
  dataOffset: u8,
  flags: u8,
  window: be16,
  checksum: be16,
  urgent: be16,
});
