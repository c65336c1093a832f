// Counters that all CPUs share.
import { struct, u32, u64 } from "@weir/bytecode/layout";
import { arrayMap, atomicAdd, XDP_ABORTED, xdp } from "@weir/compiler/language";

export const TOTALS = arrayMap({ value: struct({ packets: u64, bytes: u64, ticket: u32 }), maxEntries: 1 });

export const program = xdp((packet) => {
  const totals = TOTALS.lookup(0);
  if (totals === null) return XDP_ABORTED;
  atomicAdd(totals, "packets", 1);
  atomicAdd(totals, "bytes", packet.length);
  return atomicAdd(totals, "ticket", 2);
});
