/** Drops UDP to one port, and counts what it drops. */
import { u16 } from "@weir/bytecode/layout";
import { atomicAdd, config, global, ntohs, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
import { Udp } from "./headers.ts";
import { behind, hasPorts, ipv4Of } from "./ipv4.bpf.ts";
import { Packets } from "./records.ts";

const port = config("port", u16, 53);
const dropped = global(Packets);

export const drop_port = xdp((packet) => {
  const ip = ipv4Of(packet);
  if (ip === null || ip.protocol !== 17 || !hasPorts(ip)) return XDP_PASS;
  const udp = packet.at(Udp, behind(ip));
  if (udp === null || ntohs(udp.destinationPort) !== port) return XDP_PASS;
  atomicAdd(dropped, "packets", 1);
  return XDP_DROP;
});
