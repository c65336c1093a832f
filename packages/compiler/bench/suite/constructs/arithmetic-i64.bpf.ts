// Signed numbers of 64 bits: comparisons, shifts, differences.
import { array, i64, struct, type u32 } from "@weir/bytecode/layout";
import { XDP_ABORTED, xdp } from "@weir/compiler/language";

const Numbers = struct({ numbers: array(i64, 8) });

export const program = xdp((packet) => {
  const input = packet.at(Numbers, 0);
  if (input === null) return XDP_ABORTED;
  let least: i64 = 0;
  let sum: i64 = 0;
  for (let index: u32 = 0; index < 8; index += 1) {
    const number = input.numbers[index];
    if (number < least) least = number;
    sum = (sum >> 3) + number - least;
  }
  return (sum >> 32) as u32;
});
