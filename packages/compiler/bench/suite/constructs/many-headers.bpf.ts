// Ethernet, IPv4 with options, TCP: the last one lies where the second one says.
import type { u32 } from "@weir/bytecode/layout";
import { htons, ntohl, ntohs, XDP_ABORTED, XDP_PASS, xdp } from "@weir/compiler/language";
import { Ethernet, Ipv4, Tcp } from "../headers.ts";

export const program = xdp((packet) => {
  const ethernet = packet.at(Ethernet, 0);
  if (ethernet === null) return XDP_ABORTED;
  if (ethernet.type !== htons(0x0800)) return XDP_PASS;
  const ip = packet.at(Ipv4, 14);
  if (ip === null) return XDP_ABORTED;
  if (ip.protocol !== 6) return XDP_PASS;
  const length: u32 = (ip.versionAndLength & 15) * 4;
  if (length < 20) return XDP_ABORTED;
  const tcp = packet.at(Tcp, length + 14);
  if (tcp === null) return XDP_ABORTED;
  return ntohs(tcp.source) + ntohs(tcp.destination) + ntohl(tcp.sequence) + tcp.flags;
});
