import { u16 } from "@weir/bytecode/layout";
import { config, ntohs, perCpuArrayMap, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
import { Dropped, UdpFrame } from "../records.ts";

/** Set when the program is loaded: `weir run … --set port=5353`. */
const port = config("port", u16, 53);

/** One counter, of which each CPU has its own. */
export const DROPPED = perCpuArrayMap({ value: Dropped, maxEntries: 1 });

/** Drops UDP to a port, and counts it; passes everything else on. */
export const drop_port = xdp((packet) => {
  const udp = packet.at(UdpFrame, 0);
  if (udp === null || ntohs(udp.etherType) !== 0x0800) return XDP_PASS;
  if (udp.versionAndLength !== 0x45 || udp.protocol !== 17) return XDP_PASS;
  if (ntohs(udp.destinationPort) !== port) return XDP_PASS;
  const dropped = DROPPED.lookup(0);
  if (dropped === null) return XDP_PASS;
  dropped.packets += 1;
  dropped.bytes += packet.length;
  return XDP_DROP;
});
