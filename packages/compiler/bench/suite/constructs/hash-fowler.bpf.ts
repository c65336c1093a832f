// Fowler, Noll and Vo's hash, byte by byte.
import type { u32 } from "@weir/bytecode/layout";
import { XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Octets } from "../headers.ts";

export const program = xdp((packet) => {
  const input = packet.at(Octets, 0);
  if (input === null) return XDP_ABORTED;
  let hash: u32 = 0x811c_9dc5;
  for (let index: u32 = 26; index < 38; index += 1) hash = (hash ^ input.octets[index]) * 0x0100_0193;
  return hash;
});
