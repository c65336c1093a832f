// A histogram in an array of a map, its index masked.
import { array, struct, u32 } from "@weir/bytecode/layout";
import { arrayMap, XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Octets } from "../headers.ts";

const Histogram = struct({ buckets: array(u32, 16) });
export const HISTOGRAM = arrayMap({ value: Histogram, maxEntries: 1 });

export const program = xdp((packet) => {
  const input = packet.at(Octets, 0);
  const histogram = HISTOGRAM.lookup(0);
  if (input === null || histogram === null) return XDP_ABORTED;
  for (let index: u32 = 0; index < 64; index += 1) histogram.buckets[input.octets[index] & 15] += 1;
  return histogram.buckets[0] ^ histogram.buckets[15];
});
