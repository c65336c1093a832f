// A loop that ends when a number is used up: the ones among bits, as Kernighan counts them.
import type { u32 } from "@weir/bytecode/layout";
import { XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Words } from "../headers.ts";

export const program = xdp((packet) => {
  const input = packet.at(Words, 0);
  if (input === null) return XDP_ABORTED;
  let word = input.words[3] ^ input.words[7];
  let ones: u32 = 0;
  while (word !== 0) {
    word &= word - 1;
    ones += 1;
    if (ones >= 32) break;
  }
  return ones;
});
