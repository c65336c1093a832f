/** Connections by number, as frames and as the keys that the table has for them. */
import { encode } from "@weir/bytecode/layout";
import { ethernet, type Packet } from "@weir/testing";
import { KIND_FRAGMENT, KIND_L4, KIND_NO_PORT, XdpConn6Stats, XdpConnStats } from "../../../src/index.ts";

const KEY_START = 32;
const UDP = 17;
const SCTP = 132;
const COUNTS = { packet_count: 0n, byte_count: 0n, last_seen_ns: 0n, drop_count: 0n, reserved: 0 };

export interface Flow {
  readonly version: 4 | 6;
  /** What identifies it in its slot, as hexadecimal digits. */
  readonly key: string;
  /** A frame of so many bytes; what the headers do not take is padding. */
  frame(length: number): Uint8Array;
}

function make(version: 4 | 6, packet: Packet, key: ArrayBuffer): Flow {
  const bytes = packet.toBytes();
  return {
    version,
    key: Buffer.from(key, KEY_START).toString("hex"),
    frame(length) {
      const frame = new Uint8Array(Math.max(length, bytes.length));
      frame.set(bytes);
      return frame;
    },
  };
}

function slot<L extends typeof XdpConnStats | typeof XdpConn6Stats>(
  layout: L,
  value: Parameters<typeof encode<L>>[1],
): ArrayBuffer {
  const bytes = new ArrayBuffer(layout.size);
  encode(layout, value, new DataView(bytes));
  return bytes;
}

/** One of a quarter million: of IPv6, or of IPv4 with ports, without, and of fragments. */
export function flowOf(number: number): Flow {
  const port = 1024 + (number >> 10);
  const source = `10.0.${(number >> 8) & 3}.${number & 255}`;
  const low = number & 1023;
  const ipv4 = { ...COUNTS, source: 0x0a00_0000 + low, destination: 0xc633_6407 };
  const to = { source, destination: "198.51.100.7" };
  const noPorts = { sourcePort: 0, destinationPort: 0 };
  switch (number & 3) {
    case 0: {
      const addresses = {
        sourceHigh: 0x2001_0db8n << 32n,
        sourceLow: BigInt(low),
        destinationHigh: 0n,
        destinationLow: 1n,
      };
      const ends = { sourcePort: port, destinationPort: 53, protocol: UDP, kind: KIND_L4 };
      const packet = ethernet()
        .ipv6({ source: `2001:db8::${low.toString(16)}`, destination: "::1" })
        .udp({ sourcePort: port, destinationPort: 53 });
      return make(6, packet, slot(XdpConn6Stats, { ...COUNTS, ...addresses, ...ends }));
    }
    case 1: {
      const packet = ethernet()
        .ipv4({ ...to, protocol: SCTP })
        .payload(20);
      return make(4, packet, slot(XdpConnStats, { ...ipv4, ...noPorts, protocol: SCTP, kind: KIND_NO_PORT }));
    }
    case 2: {
      const packet = ethernet()
        .ipv4({ ...to, protocol: UDP, fragmentOffset: 64 })
        .payload(20);
      return make(4, packet, slot(XdpConnStats, { ...ipv4, ...noPorts, protocol: UDP, kind: KIND_FRAGMENT }));
    }
    default: {
      const packet = ethernet().ipv4(to).udp({ sourcePort: port, destinationPort: 53 });
      const ends = { sourcePort: port, destinationPort: 53, protocol: UDP, kind: KIND_L4 };
      return make(4, packet, slot(XdpConnStats, { ...ipv4, ...ends }));
    }
  }
}
