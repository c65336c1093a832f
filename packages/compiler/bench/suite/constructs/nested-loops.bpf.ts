// A loop in a loop: every number with every other.
import type { u32 } from "@weir/bytecode/layout";
import { XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Words } from "../headers.ts";

export const program = xdp((packet) => {
  const input = packet.at(Words, 0);
  if (input === null) return XDP_ABORTED;
  let pairs: u32 = 0;
  for (let first: u32 = 0; first < 16; first += 1) {
    for (let second: u32 = 0; second < 16; second += 1) {
      if (input.words[first] < input.words[second]) pairs += 1;
    }
  }
  return pairs;
});
