/** What several examples do: find IPv4 in a packet, and what is behind it. */
import type { u32, Value } from "@weir/bytecode/layout";
import { ntohs, type XdpPacket } from "@weir/compiler/language";
import { Ethernet, Ipv4 } from "./headers.ts";

/** The IPv4 header of an untagged packet. */
export function ipv4Of(packet: XdpPacket): Value<typeof Ipv4> | null {
  const ethernet = packet.at(Ethernet, 0);
  return ethernet !== null && ntohs(ethernet.type) === 0x0800 ? packet.at(Ipv4, 14) : null;
}

/** Where the transport header begins, behind the options that there may be. */
export const behind = (ip: Value<typeof Ipv4>): u32 => 14 + (ip.versionAndLength & 15) * 4;

/** Of a fragment that is not the first there are no ports. */
export const hasPorts = (ip: Value<typeof Ipv4>): boolean => (ntohs(ip.fragment) & 0x1fff) === 0;
