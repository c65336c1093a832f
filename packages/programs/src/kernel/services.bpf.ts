import type { u32, Value } from "@weir/bytecode/layout";
import { ntohs, XDP_PASS, XDP_REDIRECT, XDP_TX, type XdpAction, type XdpPacket, xdp } from "@weir/compiler/language";
import type { BalanceStats } from "../records/balance.ts";
import { EthernetWords } from "../records/frame.ts";
import { balanceIpv4 } from "./balance/ipv4.bpf.ts";
import { balanceIpv6 } from "./balance/ipv6.bpf.ts";
import { BALANCE } from "./balance/maps.bpf.ts";
import { ownFirst, ownSecond } from "./balance/settings.bpf.ts";
import { countFrame, frameLength, STATS } from "./frame.bpf.ts";

const IPV4 = 0x0800;
const IPV6 = 0x86dd;

function balance(packet: XdpPacket, length: u32, counts: Value<typeof BalanceStats>): XdpAction {
  const ethernet = packet.at(EthernetWords, 0);
  if (ethernet === null) return XDP_PASS;
  // Not what a bridge floods, or is for everybody (RFC 1812, section 5.3.4): two balancers would send it to and fro.
  if (ethernet.first !== ownFirst || (ethernet.second & 0xffff) !== ownSecond) return XDP_PASS;
  const type = ntohs(ethernet.etherType);
  if (type === IPV4) return balanceIpv4(packet, length, counts);
  if (type === IPV6) return balanceIpv6(packet, length, counts);
  return XDP_PASS;
}

/** Counts every frame as the monitor does, but for connections, of which it has a table of its own; sends those for a service to a backend, and passes the others on untouched. */
export const xdp_balance_services = xdp((packet: XdpPacket) => {
  const stats = STATS.lookup(0);
  const counts = BALANCE.lookup(0);
  if (stats === null || counts === null) return XDP_PASS;
  const length = frameLength(packet);
  countFrame(packet, stats, length, 0);
  const verdict = balance(packet, length, counts);
  if (verdict === XDP_PASS) counts.passed += 1;
  else if (verdict === XDP_TX) counts.transmitted += 1;
  else if (verdict === XDP_REDIRECT) counts.redirected += 1;
  else counts.dropped += 1;
  return verdict;
});
