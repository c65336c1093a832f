import type { BtfBuilder } from "@weir/bytecode";

/** `struct xdp_md`, as a program's prototype names it. */
export function xdpContextType(btf: BtfBuilder): number {
  const u32 = btf.add({ kind: "int", name: "u32", size: 4, encoding: "unsigned" });
  const names = ["data", "data_end", "data_meta", "ingress_ifindex", "rx_queue_index", "egress_ifindex"];
  const members = names.map((name, index) => ({ name, type: u32, bitOffset: index * 32 }));
  const type = btf.add({ kind: "struct", name: "xdp_md", size: names.length * 4, members });
  return btf.add({ kind: "pointer", type });
}
