// A search that skips, and ends at the first that fits.
import type { u32 } from "@weir/bytecode/layout";
import { XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Octets } from "../headers.ts";

export const program = xdp((packet) => {
  const input = packet.at(Octets, 0);
  if (input === null) return XDP_ABORTED;
  let found: u32 = 0;
  for (let index: u32 = 14; index < 64; index += 1) {
    const octet = input.octets[index];
    if (octet === 0) continue;
    if (octet === 0xfe && index > 40) break;
    found = (found << 1) ^ octet;
  }
  return found;
});
