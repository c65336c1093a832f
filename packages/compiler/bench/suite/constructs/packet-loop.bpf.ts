// A loop with a bounds check of the packet in every round, as long as the packet is.
import { struct, u32 } from "@weir/bytecode/layout";
import { XDP_ABORTED, xdp } from "@weir/compiler/language";

const Word = struct({ value: u32 });

export const program = xdp((packet) => {
  let sum: u32 = 0;
  let offset: u32 = 14;
  for (let round: u32 = 0; round < 64; round += 1) {
    const word = packet.at(Word, offset);
    if (word === null) return sum;
    sum = sum * 31 + word.value;
    offset += 4;
  }
  return XDP_ABORTED;
});
