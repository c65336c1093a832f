// Whether numbers lie between bounds.
import type { u32 } from "@weir/bytecode/layout";
import { XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Octets } from "../headers.ts";

export const program = xdp((packet) => {
  const input = packet.at(Octets, 0);
  if (input === null) return XDP_ABORTED;
  let digits: u32 = 0;
  let letters: u32 = 0;
  for (let index: u32 = 14; index < 62; index += 1) {
    const octet = input.octets[index];
    if (octet >= 48 && octet <= 57) digits += 1;
    else if ((octet >= 65 && octet <= 90) || (octet >= 97 && octet <= 122)) letters += 1;
  }
  return (digits << 16) | letters;
});
