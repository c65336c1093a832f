// Quotients and remainders by numbers from the packet, in 32 and 64 bits.
import type { u32, u64 } from "@weir/bytecode/layout";
import { XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Words } from "../headers.ts";

export const program = xdp((packet) => {
  const input = packet.at(Words, 0);
  if (input === null) return XDP_ABORTED;
  let sum: u64 = 0;
  for (let index: u32 = 0; index < 8; index += 1) {
    const divisor = (input.words[index] & 0xffff) | 1;
    sum += input.words[index + 8] / divisor;
    sum = (sum << 7) % divisor;
  }
  return sum as u32;
});
