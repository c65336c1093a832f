/** Drops what a table of rules names: an address, a protocol and a port together; a port of 0 stands for all. */
import type { be16, be32, u8 } from "@weir/bytecode/layout";
import { atomicAdd, hashMap, XDP_DROP, XDP_PASS, type XdpPacket, xdp } from "@weir/compiler/language";
import { Udp } from "./headers.ts";
import { behind, hasPorts, ipv4Of } from "./ipv4.bpf.ts";
import { Match, Packets } from "./records.ts";

export const RULES = hashMap({ key: Match, value: Packets, maxEntries: 1024 });

function matches(source: be32, port: be16, protocol: u8): boolean {
  const hits = RULES.lookup({ source, port, protocol });
  if (hits === null) return false;
  atomicAdd(hits, "packets", 1);
  return true;
}

/** TCP and UDP have their ports in the same place. */
function portOf(packet: XdpPacket): be16 {
  const ip = ipv4Of(packet);
  if (ip === null || !hasPorts(ip) || (ip.protocol !== 6 && ip.protocol !== 17)) return 0;
  const ports = packet.at(Udp, behind(ip));
  return ports === null ? 0 : ports.destinationPort;
}

export const match = xdp((packet) => {
  const ip = ipv4Of(packet);
  if (ip === null) return XDP_PASS;
  const { source, protocol } = ip;
  return matches(source, portOf(packet), protocol) || matches(source, 0, protocol) ? XDP_DROP : XDP_PASS;
});
