// A counted loop over the bytes of the packet.
import type { u32 } from "@weir/bytecode/layout";
import { XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Octets } from "../headers.ts";

export const program = xdp((packet) => {
  const input = packet.at(Octets, 0);
  if (input === null) return XDP_ABORTED;
  let sum: u32 = 0;
  for (let index: u32 = 0; index < 64; index += 1) sum += input.octets[index];
  return sum;
});
