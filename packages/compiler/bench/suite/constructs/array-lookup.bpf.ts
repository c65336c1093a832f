// Look-ups in an array, which the kernel inlines; the index comes from the packet.
import { struct, type u32, u64 } from "@weir/bytecode/layout";
import { arrayMap, XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Words } from "../headers.ts";

export const COUNTS = arrayMap({ value: struct({ packets: u64, bytes: u64 }), maxEntries: 256 });

export const program = xdp((packet) => {
  const input = packet.at(Words, 0);
  if (input === null) return XDP_ABORTED;
  let sum: u32 = 0;
  for (let index: u32 = 0; index < 4; index += 1) {
    const count = COUNTS.lookup(input.words[index] & 0xff);
    if (count === null) return XDP_ABORTED;
    count.packets += 1;
    count.bytes += packet.length;
    sum += count.packets as u32;
  }
  return sum;
});
