// VLAN tags, as many as there are, then what is inside.
import type { u32 } from "@weir/bytecode/layout";
import { ntohs, XDP_ABORTED, XDP_PASS, xdp } from "@weir/compiler/language";
import { Ethernet, Ipv4, VlanTag } from "../headers.ts";

export const program = xdp((packet) => {
  const ethernet = packet.at(Ethernet, 0);
  if (ethernet === null) return XDP_ABORTED;
  let type = ntohs(ethernet.type);
  let offset: u32 = 14;
  let tags: u32 = 0;
  while ((type === 0x8100 || type === 0x88a8) && tags < 4) {
    const tag = packet.at(VlanTag, offset);
    if (tag === null) return XDP_ABORTED;
    type = ntohs(tag.type);
    offset += 4;
    tags += 1;
  }
  if (type !== 0x0800) return XDP_PASS;
  const ip = packet.at(Ipv4, offset);
  if (ip === null) return XDP_ABORTED;
  return (tags << 8) | ip.protocol;
});
