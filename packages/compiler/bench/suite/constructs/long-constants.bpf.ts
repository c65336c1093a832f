// Constants of 64 bits, more than once each.
import { type u32, u64 } from "@weir/bytecode/layout";
import { XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Longs } from "../headers.ts";

const MASK = u64.of(0x7fff_ffff_ffff_fff0n);
const MARK = u64.of(0x1234_5678_9abc_def0n);

export const program = xdp((packet) => {
  const input = packet.at(Longs, 0);
  if (input === null) return XDP_ABORTED;
  let sum: u64 = 0;
  for (let index: u32 = 0; index < 8; index += 1) {
    const long = input.longs[index];
    if ((long & MASK) > MARK) sum += MARK;
    sum ^= long & MASK;
  }
  return (sum ^ (sum >> 32)) as u32;
});
