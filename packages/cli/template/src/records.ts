import { be16, bytes, struct, u8, u64 } from "@weir/bytecode/layout";

/** Ethernet, IPv4 without options and UDP, as they follow each other in a frame. */
export const UdpFrame = struct({
  hardwareAddresses: bytes(12),
  etherType: be16,
  versionAndLength: u8,
  beforeProtocol: bytes(8),
  protocol: u8,
  checksumAndAddresses: bytes(10),
  sourcePort: be16,
  destinationPort: be16,
});

/** What was dropped. */
export const Dropped = struct({ packets: u64, bytes: u64 });
