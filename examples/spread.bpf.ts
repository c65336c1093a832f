/** Spreads packets over CPUs by their connection: both directions of it on the same one. */
import { u32 } from "@weir/bytecode/layout";
import { config, cpuMap, ntohl, XDP_PASS, xdp } from "@weir/compiler/language";
import { ipv4Of } from "./ipv4.bpf.ts";

const cpus = config("cpus", u32, 2);
export const CPUS = cpuMap({ maxEntries: 256 });

export const spread = xdp((packet) => {
  const ip = ipv4Of(packet);
  if (ip === null || cpus === 0) return XDP_PASS;
  // The sum is the same for both directions; the product's upper bits depend on all of its lower ones.
  const mixed = (ntohl(ip.source) + ntohl(ip.destination)) * 0x9e37_79b1;
  return CPUS.redirect((mixed >> 16) % cpus, XDP_PASS);
});
