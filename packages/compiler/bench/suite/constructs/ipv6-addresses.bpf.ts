// Addresses of 16 bytes: compared, and written to a map.
import { be64, struct, u32 } from "@weir/bytecode/layout";
import { arrayMap, XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Ipv6 } from "../headers.ts";

const Last = struct({ high: be64, low: be64, times: u32, changes: u32 });
export const LAST = arrayMap({ value: Last, maxEntries: 1 });

export const program = xdp((packet) => {
  const ip = packet.at(Ipv6, 14);
  const last = LAST.lookup(0);
  if (ip === null || last === null) return XDP_ABORTED;
  if (last.high === ip.sourceHigh && last.low === ip.sourceLow) {
    last.times += 1;
    return last.times;
  }
  last.high = ip.sourceHigh;
  last.low = ip.sourceLow;
  last.times = 0;
  last.changes += 1;
  return last.changes;
});
