// Multiply-shift hashing of two words of 64 bits, scaled to a table of any size.
import { type u32, u64 } from "@weir/bytecode/layout";
import { XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Longs } from "../headers.ts";

const FIRST = u64.of(0x9e37_79b9_7f4a_7c15n);
const SECOND = u64.of(0xc2b2_ae3d_27d4_eb4fn);

export const program = xdp((packet) => {
  const input = packet.at(Longs, 0);
  if (input === null) return XDP_ABORTED;
  let place: u32 = 0;
  for (let index: u32 = 0; index < 4; index += 1) {
    const hash = (input.longs[index] * FIRST + input.longs[index + 4] * SECOND) >> 32;
    place ^= (((hash as u32 as u64) * 13_654) >> 32) as u32;
  }
  return place;
});
