// Sums, differences, products and masks of 32 bits.
import type { u32 } from "@weir/bytecode/layout";
import { XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Words } from "../headers.ts";

export const program = xdp((packet) => {
  const input = packet.at(Words, 0);
  if (input === null) return XDP_ABORTED;
  let sum: u32 = 1;
  for (let index: u32 = 0; index < 12; index += 1) {
    const a = input.words[index];
    const b = input.words[(index + 3) & 15];
    sum = (sum + a) * 5 - (b ^ (a | 0x00ff)) + (sum & b);
  }
  return sum;
});
