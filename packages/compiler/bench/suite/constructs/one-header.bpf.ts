// One header: checked once, several fields read.
import { ntohs, XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Ethernet } from "../headers.ts";

export const program = xdp((packet) => {
  const ethernet = packet.at(Ethernet, 0);
  if (ethernet === null) return XDP_ABORTED;
  if ((ethernet.destination[0] & 1) !== 0) return 7;
  return ntohs(ethernet.type) + ethernet.source[5];
});
