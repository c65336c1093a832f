// Signed numbers of 8, 16 and 32 bits: signs are extended, shifts bring in copies of the sign.
import { array, i8, i16, type i32, struct, type u32 } from "@weir/bytecode/layout";
import { XDP_ABORTED, xdp } from "@weir/compiler/language";

const Signed = struct({ small: array(i8, 16), middle: array(i16, 16) });

export const program = xdp((packet) => {
  const input = packet.at(Signed, 0);
  if (input === null) return XDP_ABORTED;
  let sum: i32 = 0;
  for (let index: u32 = 0; index < 16; index += 1) {
    const small: i8 = input.small[index];
    const middle: i16 = input.middle[index];
    sum = sum + small * middle;
    if (middle < small) sum = sum >> 1;
  }
  return sum as u32;
});
