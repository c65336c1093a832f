/** Drops packets from the networks of a list. Of several that an address is in, the smallest counts: it may be an exception. */
import { be32 } from "@weir/bytecode/layout";
import { atomicAdd, lpmMap, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
import { ipv4Of } from "./ipv4.bpf.ts";
import { Network } from "./records.ts";

export const NETWORKS = lpmMap({ key: be32, value: Network, maxEntries: 10_000 });

export const block = xdp((packet) => {
  const ip = ipv4Of(packet);
  if (ip === null) return XDP_PASS;
  const network = NETWORKS.lookup(ip.source);
  if (network === null) return XDP_PASS;
  atomicAdd(network, "packets", 1);
  return network.verdict === XDP_DROP ? XDP_DROP : XDP_PASS;
});
