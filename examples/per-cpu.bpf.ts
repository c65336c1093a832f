/** Packets and bytes by IP protocol, counted by each CPU for itself: no CPU waits for another, and nothing is lost. */
import { perCpuArrayMap, XDP_PASS, xdp } from "@weir/compiler/language";
import { ipv4Of } from "./ipv4.bpf.ts";
import { Count } from "./records.ts";

export const PROTOCOLS = perCpuArrayMap({ value: Count, maxEntries: 256 });

export const protocols = xdp((packet) => {
  const ip = ipv4Of(packet);
  if (ip === null) return XDP_PASS;
  const count = PROTOCOLS.lookup(ip.protocol);
  if (count === null) return XDP_PASS;
  count.packets += 1;
  count.bytes += packet.length;
  return XDP_PASS;
});
