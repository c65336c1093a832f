import type { Protocol } from "../../connection.ts";
import { ipv4Text, ipv6Text } from "../../text/address.ts";
import { protocol } from "../../text/protocol.ts";

/** Who sent a frame to whom, as far as its bytes say it. */
export interface FrameEnds {
  /** Of the payload behind VLAN tags (IEEE 802 numbers): 0x0800 is IPv4. */
  readonly etherType: number;
  /** Of IP. */
  readonly protocol?: Protocol;
  readonly source?: string;
  readonly destination?: string;
  /** Of TCP, UDP and SCTP, where they are right behind the first header, and in this fragment. */
  readonly sourcePort?: number;
  readonly destinationPort?: number;
}

const ETHERNET = 14;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const TAGS: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100]);
const HAVE_PORTS: ReadonlySet<number> = new Set([6, 17, 132]);
const LATER_FRAGMENT = 0x1fff;

/** Looks behind VLAN tags for IP and ports; undefined where not even the type of the payload is there. */
export function frameEnds(bytes: Uint8Array): FrameEnds | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = ETHERNET;
  while (at <= view.byteLength && TAGS.has(view.getUint16(at - 2))) at += 4;
  if (at > view.byteLength) return undefined;
  const etherType = view.getUint16(at - 2);
  if (etherType === IPV4 && at + 20 <= view.byteLength) return { etherType, ...ipv4Ends(view, at) };
  if (etherType === IPV6 && at + 40 <= view.byteLength) return { etherType, ...ipv6Ends(view, at) };
  return { etherType };
}

function ipv4Ends(view: DataView, at: number): Omit<FrameEnds, "etherType"> {
  const number = view.getUint8(at + 9);
  const address = (from: number): string => ipv4Text(view.getUint32(at + from, true));
  const isLater = (view.getUint16(at + 6) & LATER_FRAGMENT) !== 0;
  const ports = isLater ? {} : portsAt(view, at + 4 * (view.getUint8(at) & 0x0f), number);
  return { protocol: protocol(number), source: address(12), destination: address(16), ...ports };
}

function ipv6Ends(view: DataView, at: number): Omit<FrameEnds, "etherType"> {
  const number = view.getUint8(at + 6);
  const word = (from: number): number => view.getUint32(at + from, true);
  const address = (from: number): string => ipv6Text(word(from), word(from + 4), word(from + 8), word(from + 12));
  return {
    protocol: protocol(number),
    source: address(8),
    destination: address(24),
    ...portsAt(view, at + 40, number),
  };
}

function portsAt(view: DataView, at: number, number: number): Pick<FrameEnds, "sourcePort" | "destinationPort"> {
  if (!HAVE_PORTS.has(number) || at + 4 > view.byteLength) return {};
  return { sourcePort: view.getUint16(at), destinationPort: view.getUint16(at + 2) };
}
