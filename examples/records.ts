/** What the examples keep in maps: user space reads it with the same definitions. */
import { be16, be32, bytes, struct, u8, u32, u64 } from "@weir/bytecode/layout";

export const Packets = struct({ packets: u64 });
export const Count = struct({ packets: u64, bytes: u64 });

/** A rule of `match`: a port of 0 stands for all. */
export const Match = struct({ source: be32, port: be16, protocol: u8 });

/** A connection that is being opened (`events`). */
export const Opening = struct({ time: u64, source: be32, destination: be32, sourcePort: be16, destinationPort: be16 });

/** What becomes of packets from a network (`block-list`). */
export const Network = struct({ packets: u64, verdict: u8 });

/** What an address may still send (`rate-limit`): a token is a second, in nanoseconds. */
export const Bucket = struct({ tokens: u64, filledAt: u64, dropped: u64 });

/** A process that connects to somewhere (`connect`). */
export const Connect = struct({ process: u32, destination: be32, port: be16, name: bytes(16) });
