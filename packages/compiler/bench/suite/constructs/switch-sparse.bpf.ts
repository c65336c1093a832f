// A switch over numbers with gaps, as protocols are.
import { bytes, struct, u8, type u32 } from "@weir/bytecode/layout";
import { ntohs, XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Ethernet } from "../headers.ts";

const Ip = struct({ ethernet: Ethernet, before: bytes(9), protocol: u8 });

function classOf(type: u32, protocol: u32): u32 {
  switch (type) {
    case 0x0800:
      switch (protocol) {
        case 1:
          return 10;
        case 6:
          return 11;
        case 17:
          return 12;
        case 47:
          return 13;
        case 132:
          return 14;
        default:
          return 15;
      }
    case 0x0806:
      return 2;
    case 0x8100:
    case 0x88a8:
      return 3;
    case 0x86dd:
      return 4;
    default:
      return 5;
  }
}

export const program = xdp((packet) => {
  const ip = packet.at(Ip, 0);
  if (ip === null) return XDP_ABORTED;
  return classOf(ntohs(ip.ethernet.type), ip.protocol);
});
