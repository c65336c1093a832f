import { kernelFunctions } from "@weir/bytecode/kernel-functions";

/** Modules of functions that the kernel language does not have, and objects of other compilers call. */
const others: ReadonlyMap<string, string> = new Map([
  ["bpf_xdp_ct_alloc", "nf_conntrack"],
  ["bpf_skb_ct_alloc", "nf_conntrack"],
  ["bpf_ct_insert_entry", "nf_conntrack"],
  ["bpf_ct_set_timeout", "nf_conntrack"],
  ["bpf_ct_set_status", "nf_conntrack"],
  ["bpf_ct_change_status", "nf_conntrack"],
  ["bpf_ct_set_nat_info", "nf_nat"],
]);

/** The module that brings a function of the kernel in most distributions; undefined for what is built in, or not known. */
export function functionModule(name: string): string | undefined {
  return kernelFunctions.get(name)?.module ?? others.get(name);
}
