/**
 * The functions that say whether something is in a named set, each with a program that asks it about the first bytes of a packet:
 * the filter's linker takes the functions out of these, and tests and benchmarks ask with them.
 */
import { packed, u32, u64 } from "@weir/bytecode/layout";
import { XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
import { in_ipv4_set } from "./sets/ipv4-set.bpf.ts";
import { in_ipv6_set } from "./sets/ipv6-set.bpf.ts";
import { in_mac_set } from "./sets/mac-set.bpf.ts";
import { in_port_set } from "./sets/port-set.bpf.ts";

const AskedIpv4 = packed({ address: u32 });
const AskedIpv6 = packed({ high: u64, low: u64 });
const AskedPort = packed({ port: u32 });
const AskedMac = packed({ mac: u64 });

export const ask_ipv4_set = xdp((packet) => {
  const asked = packet.at(AskedIpv4, 0);
  return asked !== null && in_ipv4_set(asked.address) !== 0 ? XDP_DROP : XDP_PASS;
});

export const ask_ipv6_set = xdp((packet) => {
  const asked = packet.at(AskedIpv6, 0);
  return asked !== null && in_ipv6_set(asked.high, asked.low) !== 0 ? XDP_DROP : XDP_PASS;
});

export const ask_port_set = xdp((packet) => {
  const asked = packet.at(AskedPort, 0);
  return asked !== null && in_port_set(asked.port) !== 0 ? XDP_DROP : XDP_PASS;
});

export const ask_mac_set = xdp((packet) => {
  const asked = packet.at(AskedMac, 0);
  return asked !== null && in_mac_set(asked.mac) !== 0 ? XDP_DROP : XDP_PASS;
});
