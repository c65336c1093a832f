// Conditions of several parts.
import type { u32 } from "@weir/bytecode/layout";
import { XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Words } from "../headers.ts";

export const program = xdp((packet) => {
  const input = packet.at(Words, 0);
  if (input === null) return XDP_ABORTED;
  let count: u32 = 0;
  for (let index: u32 = 0; index < 15; index += 1) {
    const a = input.words[index];
    const b = input.words[index + 1];
    if ((a > b && (a & 1) === 0) || (b > 5000 && (b & 3) !== 3 && a !== 0)) count += 1;
    const both = a === b || !(a < 100 || b < 100);
    if (both) count += 16;
  }
  return count;
});
