import { ETHERNET_IP, ETHERNET_IP6, MOST_TAGS, TAG_TYPES, TRANSPORTS } from "@weir/pcap-filter/meaning";

/** Their first four bytes are their ports. */
const HAVE_PORTS: ReadonlySet<number> = new Set(Object.values(TRANSPORTS));

/** An IP packet in a frame. */
export interface IpPacket {
  readonly version: 4 | 6;
  /** Words of 32 bits: one, or four. */
  readonly source: readonly number[];
  readonly destination: readonly number[];
  readonly protocol: number;
  /** Both ports in one number, the source's first; 0 where there are none. */
  readonly ports: number;
}

/**
 * The packet in a frame: right behind Ethernet and its VLAN tags, with a whole header. Of the ports only those are known that follow right behind
 * the first header, in the first fragment.
 *
 * @example
 * ```ts
 * ipPacketOf(frame)?.ports; // 0x1f90_0050 for 8080 to 80
 * ```
 */
export function ipPacketOf(frame: Uint8Array): IpPacket | undefined {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const at = payloadOf(view);
  if (at === undefined || at > view.byteLength) return undefined;
  const type = view.getUint16(at - 2);
  const words = (from: number, count: number): number[] =>
    Array.from({ length: count }, (_, index) => view.getUint32(at + from + 4 * index));
  if (type === ETHERNET_IP && at + 20 <= view.byteLength) {
    const protocol = view.getUint8(at + 9);
    const isFirst = (view.getUint16(at + 6) & 0x1fff) === 0;
    const behind = at + 4 * (view.getUint8(at) & 0x0f);
    const ports = isFirst ? portsAt(view, behind, protocol) : 0;
    return { version: 4, source: words(12, 1), destination: words(16, 1), protocol, ports };
  }
  if (type === ETHERNET_IP6 && at + 40 <= view.byteLength) {
    const protocol = view.getUint8(at + 6);
    const ports = portsAt(view, at + 40, protocol);
    return { version: 6, source: words(8, 4), destination: words(24, 4), protocol, ports };
  }
  return undefined;
}

/** Behind all tags, or as many as are looked behind. */
function payloadOf(view: DataView): number | undefined {
  let at = 14;
  for (let tags = 0; tags < MOST_TAGS && at <= view.byteLength; tags++) {
    const type = view.getUint16(at - 2);
    if (!TAG_TYPES.some((tagType) => tagType === type)) break;
    at += 4;
  }
  return at <= view.byteLength ? at : undefined;
}

function portsAt(view: DataView, at: number, protocol: number): number {
  return HAVE_PORTS.has(protocol) && at + 4 <= view.byteLength ? view.getUint32(at) : 0;
}
