// Rotations, as hash functions have them.
import type { u32 } from "@weir/bytecode/layout";
import { XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Words } from "../headers.ts";

function rotate(value: u32, by: u32): u32 {
  return (value << by) | (value >> (32 - by));
}

export const program = xdp((packet) => {
  const input = packet.at(Words, 0);
  if (input === null) return XDP_ABORTED;
  let state: u32 = 0x9e37_79b1;
  for (let index: u32 = 0; index < 16; index += 1) {
    state = rotate(state ^ input.words[index], 13) + rotate(state, 7);
  }
  return state;
});
