import type { u16, u32, u64 } from "@weir/bytecode/layout";

/** The checksum of a sum of words (RFC 1071): words of any width, since what is carried over counts as 1 in all of them. */
export function checksum(sum: u64): u16 {
  let folded: u64 = (sum & 0xffff_ffff) + (sum >> 32);
  folded = (folded & 0xffff) + (folded >> 16);
  folded = (folded & 0xffff) + (folded >> 16);
  folded = (folded & 0xffff) + (folded >> 16);
  return ~(folded as u32) as u16;
}

/** A number of 16 bits as it lies in a packet, read as the machine reads it. */
export function swapped(value: u32): u32 {
  return ((value & 0xff) << 8) | ((value >> 8) & 0xff);
}
