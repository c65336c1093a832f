// The packet is read again after a map was written: no map lies in a packet.
import { array, struct, u32 } from "@weir/bytecode/layout";
import { arrayMap, XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Words } from "../headers.ts";

const Sums = struct({ sums: array(u32, 8) });
export const SUMS = arrayMap({ value: Sums, maxEntries: 1 });

export const program = xdp((packet) => {
  const input = packet.at(Words, 0);
  const sums = SUMS.lookup(0);
  if (input === null || sums === null) return XDP_ABORTED;
  for (let index: u32 = 0; index < 8; index += 1) {
    sums.sums[index] += input.words[3];
    sums.sums[index] ^= input.words[4] + input.words[5];
  }
  return sums.sums[0] + sums.sums[7];
});
