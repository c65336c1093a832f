import { FrameCount, type IpPacket, ipPacketOf, ipv4Prefix, ipv4PrefixText, ipv6PrefixText } from "@weir/rules";
import { protocol } from "../text/protocol.ts";
import type { DroppedConnection, RulesEffect } from "./effect.ts";

/** Connections that are listed. */
const LISTED = 10;
/** Connections that are told apart: a capture may have any number of them. */
const MOST = 65_536;

/** Adds up what would be dropped, by connections. */
export class DroppedConnections {
  readonly #connections = new Map<string, { readonly packet: IpPacket; readonly count: FrameCount }>();
  /** Of more connections, and of what is not of IP. */
  readonly #others = new FrameCount();

  add(frame: Uint8Array): void {
    this.#countOf(frame).add(frame);
  }

  #countOf(frame: Uint8Array): FrameCount {
    const packet = ipPacketOf(frame);
    if (packet === undefined) return this.#others;
    const { source, destination, protocol: number, ports } = packet;
    const key = [...source, ...destination, number, ports].join(" ");
    const known = this.#connections.get(key);
    if (known !== undefined) return known.count;
    if (this.#connections.size >= MOST) return this.#others;
    const count = new FrameCount();
    this.#connections.set(key, { packet, count });
    return count;
  }

  get result(): Pick<RulesEffect, "connections" | "otherDropped"> {
    const all = [...this.#connections.values()]
      .map(({ packet, count }) => ({ packet, tally: count.tally }))
      .sort((one, other) => other.tally.packets - one.tally.packets);
    const rest = [this.#others.tally, ...all.slice(LISTED).map(({ tally }) => tally)];
    return {
      connections: all.slice(0, LISTED).map(({ packet, tally }) => ({ ...endsOf(packet), ...tally })),
      otherDropped: {
        packets: rest.reduce((sum, { packets }) => sum + packets, 0),
        bytes: rest.reduce((sum, { bytes }) => sum + bytes, 0),
      },
    };
  }
}

/** The ends of the connection that a packet belongs to, as they are written. */
export function endsOf(packet: IpPacket): Omit<DroppedConnection, "packets" | "bytes"> {
  const { ports } = packet;
  return {
    protocol: protocol(packet.protocol),
    source: addressText(packet.source),
    sourcePort: ports >>> 16,
    destination: addressText(packet.destination),
    destinationPort: ports & 0xffff,
    kind: ports === 0 ? "noport" : "l4",
  };
}

function addressText([first = 0, ...others]: readonly number[]): string {
  const [second, third = 0, fourth = 0] = others;
  if (second === undefined) return ipv4PrefixText(ipv4Prefix(first, 32));
  return ipv6PrefixText({ words: [first, second, third, fourth], length: 128 });
}
