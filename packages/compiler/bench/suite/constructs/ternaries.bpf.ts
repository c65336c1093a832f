// Least, largest, clamped.
import type { u32 } from "@weir/bytecode/layout";
import { XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Words } from "../headers.ts";

export const program = xdp((packet) => {
  const input = packet.at(Words, 0);
  if (input === null) return XDP_ABORTED;
  let least: u32 = 0xffff_ffff;
  let largest: u32 = 0;
  let clamped: u32 = 0;
  for (let index: u32 = 0; index < 16; index += 1) {
    const word = input.words[index];
    least = word < least ? word : least;
    largest = word > largest ? word : largest;
    clamped += word > 1000 ? 1000 : word < 10 ? 10 : word;
  }
  return largest - least + clamped;
});
