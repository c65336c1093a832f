// The checksum of an IPv4 header without options.
import { array, struct, u16, type u32 } from "@weir/bytecode/layout";
import { XDP_ABORTED, xdp } from "@weir/compiler/language";

const Header = struct({ halves: array(u16, 10) });

export const program = xdp((packet) => {
  const header = packet.at(Header, 14);
  if (header === null) return XDP_ABORTED;
  let sum: u32 = 0;
  for (let index: u32 = 0; index < 10; index += 1) sum += header.halves[index];
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
});
