// Counters of this CPU, several of one record.
import { struct, type u32, u64 } from "@weir/bytecode/layout";
import { ntohs, perCpuArrayMap, XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Ethernet } from "../headers.ts";

const Counters = struct({ packets: u64, bytes: u64, small: u64, broadcast: u64, other: u64 });
export const COUNTERS = perCpuArrayMap({ value: Counters, maxEntries: 1 });

export const program = xdp((packet) => {
  const counters = COUNTERS.lookup(0);
  if (counters === null) return XDP_ABORTED;
  const length = packet.length;
  counters.packets += 1;
  counters.bytes += length;
  if (length < 128) counters.small += 1;
  const ethernet = packet.at(Ethernet, 0);
  if (ethernet === null) return XDP_ABORTED;
  if ((ethernet.destination[0] & 1) !== 0) counters.broadcast += 1;
  if (ntohs(ethernet.type) !== 0x0800) counters.other += 1;
  return (counters.packets + counters.other) as u32;
});
