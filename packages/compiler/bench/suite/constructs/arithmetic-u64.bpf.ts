// The same in 64 bits, folded to 32 at the end.
import type { u32, u64 } from "@weir/bytecode/layout";
import { XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Longs } from "../headers.ts";

export const program = xdp((packet) => {
  const input = packet.at(Longs, 0);
  if (input === null) return XDP_ABORTED;
  let sum: u64 = 1;
  for (let index: u32 = 0; index < 8; index += 1) {
    const a = input.longs[index];
    const b = input.longs[(index + 3) & 7];
    sum = (sum + a) * 5 - (b ^ (a | 0x00ff)) + (sum & b);
  }
  return ((sum >> 32) ^ sum) as u32;
});
