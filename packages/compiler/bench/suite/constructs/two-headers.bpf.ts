// Two headers, one behind the other, each checked where it is looked at.
import { htons, ntohl, XDP_ABORTED, XDP_PASS, xdp } from "@weir/compiler/language";
import { Ethernet, Ipv4 } from "../headers.ts";

export const program = xdp((packet) => {
  const ethernet = packet.at(Ethernet, 0);
  if (ethernet === null) return XDP_ABORTED;
  if (ethernet.type !== htons(0x0800)) return XDP_PASS;
  const ip = packet.at(Ipv4, 14);
  if (ip === null) return XDP_ABORTED;
  return ntohl(ip.source) ^ ntohl(ip.destination) ^ ip.protocol;
});
