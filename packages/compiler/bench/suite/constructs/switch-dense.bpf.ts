// A switch of eight cases without gaps, many times.
import type { u32 } from "@weir/bytecode/layout";
import { XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Octets } from "../headers.ts";

export const program = xdp((packet) => {
  const input = packet.at(Octets, 0);
  if (input === null) return XDP_ABORTED;
  let state: u32 = 1;
  for (let index: u32 = 0; index < 32; index += 1) {
    switch (input.octets[index] & 7) {
      case 0:
        state += 3;
        break;
      case 1:
        state ^= 0x55;
        break;
      case 2:
        state *= 7;
        break;
      case 3:
        state -= 9;
        break;
      case 4:
        state |= 0x100;
        break;
      case 5:
        state >>= 1;
        break;
      case 6:
        state += index;
        break;
      default:
        state &= 0xff_ffff;
    }
  }
  return state;
});
