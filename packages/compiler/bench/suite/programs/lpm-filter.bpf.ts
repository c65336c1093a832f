// LPM filter: what comes from the prefixes of a table is dropped, and each prefix counts its own.
import { be32, struct, u64 } from "@weir/bytecode/layout";
import { htons, lpmMap, perCpuArrayMap, XDP_ABORTED, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
import { Ethernet, Ipv4 } from "../headers.ts";

const Counters = struct({ passed: u64, dropped: u64, other: u64 });
const Blocked = struct({ packets: u64, bytes: u64 });
export const BLOCKED = lpmMap({ key: be32, value: Blocked, maxEntries: 1024 });
export const COUNTERS = perCpuArrayMap({ value: Counters, maxEntries: 1 });

export const program = xdp((packet) => {
  const counters = COUNTERS.lookup(0);
  const ethernet = packet.at(Ethernet, 0);
  if (counters === null || ethernet === null) return XDP_ABORTED;
  if (ethernet.type !== htons(0x0800)) {
    counters.other += 1;
    return XDP_PASS;
  }
  const ip = packet.at(Ipv4, 14);
  if (ip === null) return XDP_ABORTED;
  const blocked = BLOCKED.lookup(ip.source);
  if (blocked === null) {
    counters.passed += 1;
    return XDP_PASS;
  }
  blocked.packets += 1;
  blocked.bytes += packet.length;
  counters.dropped += 1;
  return XDP_DROP;
});
