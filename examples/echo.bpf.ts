/** Answers UDP to port 7 from the driver: turns addresses and ports around, and sends the packet back (RFC 862). */
import type { Value } from "@weir/bytecode/layout";
import { ntohs, XDP_PASS, XDP_TX, xdp } from "@weir/compiler/language";
import { Ethernet, type HardwareAddress, Ipv4, Udp } from "./headers.ts";

export const echo = xdp((packet) => {
  const ethernet = packet.at(Ethernet, 0);
  const ip = packet.at(Ipv4, 14);
  const udp = packet.at(Udp, 34);
  if (ethernet === null || ip === null || udp === null) return XDP_PASS;
  if (ntohs(ethernet.type) !== 0x0800 || ip.versionAndLength !== 0x45 || ip.protocol !== 17) return XDP_PASS;
  if (ntohs(udp.destinationPort) !== 7 || (ntohs(ip.fragment) & 0x3fff) !== 0) return XDP_PASS;

  const client: Value<typeof HardwareAddress> = { ...ethernet.source };
  ethernet.source = ethernet.destination;
  ethernet.destination = client;
  // Sums do not change when what is summed changes places: both checksums stay right.
  const { source } = ip;
  ip.source = ip.destination;
  ip.destination = source;
  const { sourcePort } = udp;
  udp.sourcePort = udp.destinationPort;
  udp.destinationPort = sourcePort;
  return XDP_TX;
});
