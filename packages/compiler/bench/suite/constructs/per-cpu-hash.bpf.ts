// A hash map with a value for each CPU.
import { struct, u32, u64 } from "@weir/bytecode/layout";
import { ntohs, perCpuHashMap, XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Ethernet } from "../headers.ts";

const Count = struct({ packets: u64, bytes: u64 });
export const TYPES = perCpuHashMap({ key: u32, value: Count, maxEntries: 64 });

export const program = xdp((packet) => {
  const ethernet = packet.at(Ethernet, 0);
  if (ethernet === null) return XDP_ABORTED;
  const type: u32 = ntohs(ethernet.type);
  const count = TYPES.lookup(type);
  if (count === null) return TYPES.update(type, { packets: 1, bytes: packet.length }) as u32;
  count.packets += 1;
  count.bytes += packet.length;
  return count.packets as u32;
});
