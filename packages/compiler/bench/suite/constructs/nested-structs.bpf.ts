// Records in records in a map: counted where they lie.
import { struct, u32, u64 } from "@weir/bytecode/layout";
import { arrayMap, XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Words } from "../headers.ts";

const Count = struct({ packets: u64, bytes: u64 });
const Totals = struct({ small: Count, large: Count, last: struct({ length: u32, first: u32 }) });
export const TOTALS = arrayMap({ value: Totals, maxEntries: 1 });

export const program = xdp((packet) => {
  const input = packet.at(Words, 0);
  const totals = TOTALS.lookup(0);
  if (input === null || totals === null) return XDP_ABORTED;
  const length = packet.length;
  if (length < 100) {
    totals.small.packets += 1;
    totals.small.bytes += length;
  } else {
    totals.large.packets += 1;
    totals.large.bytes += length;
  }
  totals.last.length = length;
  totals.last.first = input.words[0];
  return (totals.small.packets + totals.large.bytes) as u32;
});
