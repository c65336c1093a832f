// The options of a TCP header, one after the other, to the maximum segment size.
import { be16, packed, struct, u8, type u32 } from "@weir/bytecode/layout";
import { ntohs, XDP_ABORTED, XDP_PASS, xdp } from "@weir/compiler/language";

const Option = struct({ kind: u8, length: u8 });
const SegmentSize = packed({ kind: u8, length: u8, size: be16 });

export const program = xdp((packet) => {
  let offset: u32 = 54;
  for (let options: u32 = 0; options < 10; options += 1) {
    const option = packet.at(Option, offset);
    if (option === null) return XDP_ABORTED;
    if (option.kind === 0) return XDP_PASS;
    if (option.kind === 1) {
      offset += 1;
      continue;
    }
    if (option.kind === 2) {
      const found = packet.at(SegmentSize, offset);
      return found === null ? XDP_ABORTED : ntohs(found.size);
    }
    if (option.length < 2) return XDP_ABORTED;
    offset += option.length;
  }
  return XDP_PASS;
});
