// A chain of filters, each of which may end it.
import { htonl, htons, ntohs, XDP_ABORTED, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
import { Ethernet, Ipv4, Tcp } from "../headers.ts";

export const program = xdp((packet) => {
  const ethernet = packet.at(Ethernet, 0);
  if (ethernet === null) return XDP_ABORTED;
  if ((ethernet.source[0] & 1) !== 0) return XDP_DROP;
  if (ethernet.type !== htons(0x0800)) return XDP_PASS;
  const ip = packet.at(Ipv4, 14);
  if (ip === null) return XDP_DROP;
  if (ip.versionAndLength !== 0x45) return XDP_DROP;
  if (ip.timeToLive === 0) return XDP_DROP;
  if ((ip.fragment & htons(0x3fff)) !== htons(0)) return XDP_DROP;
  if ((ip.source & htonl(0xff00_0000)) === htonl(0x7f00_0000)) return XDP_DROP;
  if (ip.protocol !== 6) return XDP_PASS;
  const tcp = packet.at(Tcp, 34);
  if (tcp === null) return XDP_DROP;
  if ((tcp.flags & 3) === 3) return XDP_DROP;
  const port = ntohs(tcp.destination);
  if (port === 22) return XDP_DROP;
  if (port >= 6000 && port < 6064) return XDP_DROP;
  return XDP_PASS;
});
