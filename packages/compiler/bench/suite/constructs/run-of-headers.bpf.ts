// Headers that follow each other without anything between the checks.
import { ntohl, ntohs, XDP_DROP, xdp } from "@weir/compiler/language";
import { Ethernet, Ipv4, Udp } from "../headers.ts";

export const program = xdp((packet) => {
  const ethernet = packet.at(Ethernet, 0);
  const ip = packet.at(Ipv4, 14);
  const udp = packet.at(Udp, 34);
  if (ethernet === null || ip === null || udp === null) return XDP_DROP;
  return ntohs(ethernet.type) + ntohl(ip.source) + ntohs(udp.destination);
});
