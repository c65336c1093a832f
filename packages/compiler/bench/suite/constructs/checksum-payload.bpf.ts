// The checksum of a payload, as long as it is, a check for each word.
import { struct, u16, type u32 } from "@weir/bytecode/layout";
import { XDP_ABORTED, xdp } from "@weir/compiler/language";

const Half = struct({ value: u16 });

export const program = xdp((packet) => {
  let sum: u32 = 0;
  for (let offset: u32 = 34; offset < 1514; offset += 2) {
    const half = packet.at(Half, offset);
    if (half === null) {
      sum = (sum & 0xffff) + (sum >> 16);
      sum = (sum & 0xffff) + (sum >> 16);
      return ~sum & 0xffff;
    }
    sum += half.value;
  }
  return XDP_ABORTED;
});
