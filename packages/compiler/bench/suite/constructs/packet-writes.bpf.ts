// Fields of the packet changed where they lie.
import { htonl, htons, ntohl, XDP_ABORTED, XDP_TX, xdp } from "@weir/compiler/language";
import { Ethernet, Ipv4, Udp } from "../headers.ts";

export const program = xdp((packet) => {
  const ethernet = packet.at(Ethernet, 0);
  const ip = packet.at(Ipv4, 14);
  const udp = packet.at(Udp, 34);
  if (ethernet === null || ip === null || udp === null) return XDP_ABORTED;
  ethernet.type = htons(0x0800);
  ip.timeToLive = 64;
  ip.identification = htons(7);
  ip.destination = htonl(ntohl(ip.destination) + 1);
  const port = udp.source;
  udp.source = udp.destination;
  udp.destination = port;
  udp.checksum = htons(0);
  return XDP_TX;
});
