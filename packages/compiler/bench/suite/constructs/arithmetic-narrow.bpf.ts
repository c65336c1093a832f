// Numbers of 8 and 16 bits that wrap at their width.
import type { u8, u16, u32 } from "@weir/bytecode/layout";
import { XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Octets } from "../headers.ts";

export const program = xdp((packet) => {
  const input = packet.at(Octets, 0);
  if (input === null) return XDP_ABORTED;
  let small: u8 = 1;
  let middle: u16 = 1;
  for (let index: u32 = 0; index < 16; index += 1) {
    small = (small * 3 + input.octets[index]) as u8;
    middle = (middle * 5 + small) as u16;
  }
  return ((middle as u32) << 8) | small;
});
