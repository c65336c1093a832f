// Quotients and remainders by numbers that are known.
import type { u32 } from "@weir/bytecode/layout";
import { XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Words } from "../headers.ts";

export const program = xdp((packet) => {
  const input = packet.at(Words, 0);
  if (input === null) return XDP_ABORTED;
  let sum: u32 = 0;
  for (let index: u32 = 0; index < 8; index += 1) {
    const word = input.words[index];
    sum += word / 10 + (word % 1000) + word / 16 + (word % 64);
  }
  return sum;
});
