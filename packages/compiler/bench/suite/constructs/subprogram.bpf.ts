// A function that is called, not inlined.
import type { u32 } from "@weir/bytecode/layout";
import { subprogram, XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Words } from "../headers.ts";

const mix = subprogram((a: u32, b: u32): u32 => {
  const mixed = (a ^ b) * 0x9e37_79b1;
  return mixed ^ (mixed >> 15);
});

export const program = xdp((packet) => {
  const input = packet.at(Words, 0);
  if (input === null) return XDP_ABORTED;
  let state: u32 = 1;
  for (let index: u32 = 0; index < 4; index += 1) state = mix(state, input.words[index]);
  return state;
});
