// Shifts by amounts that only the packet knows.
import type { u32, u64 } from "@weir/bytecode/layout";
import { XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Words } from "../headers.ts";

export const program = xdp((packet) => {
  const input = packet.at(Words, 0);
  if (input === null) return XDP_ABORTED;
  let word: u32 = 0;
  let long: u64 = 1;
  for (let index: u32 = 0; index < 16; index += 1) {
    const amount = input.words[index];
    word ^= (input.words[0] << (amount & 31)) | (amount >> (word & 7));
    long += (1 as u64) << (amount & 63);
  }
  return word ^ ((long >> 32) as u32);
});
