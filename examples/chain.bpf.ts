/** A chain of programs: each looks at one thing, and goes on as the next. Together they may be larger than one could be. */
import { ntohs, programArray, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
import { Ethernet, Udp } from "./headers.ts";
import { behind, ipv4Of } from "./ipv4.bpf.ts";

export const no_dns = xdp((packet) => {
  const ip = ipv4Of(packet);
  if (ip === null || ip.protocol !== 17) return XDP_PASS;
  const udp = packet.at(Udp, behind(ip));
  return udp !== null && ntohs(udp.destinationPort) === 53 ? XDP_DROP : XDP_PASS;
});

const AFTER_LIFETIME = programArray({ programs: [no_dns] });

export const no_last_hop = xdp((packet) => {
  const ip = ipv4Of(packet);
  if (ip !== null && ip.timeToLive === 0) return XDP_DROP;
  AFTER_LIFETIME.call(packet, 0);
  return XDP_PASS;
});

const AFTER_ETHERNET = programArray({ programs: [no_last_hop] });

/** This one is attached. */
export const chain = xdp((packet) => {
  const ethernet = packet.at(Ethernet, 0);
  if (ethernet === null || ntohs(ethernet.type) === 0x0806) return XDP_DROP;
  AFTER_ETHERNET.call(packet, 0);
  // Only where there is no such program.
  return XDP_PASS;
});
