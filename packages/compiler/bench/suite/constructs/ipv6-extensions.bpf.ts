// Extension headers of IPv6, each as long as it says, up to the transport header.
import { struct, u8, type u32 } from "@weir/bytecode/layout";
import { htons, ntohs, XDP_ABORTED, XDP_PASS, xdp } from "@weir/compiler/language";
import { Ethernet, Ipv6, Udp } from "../headers.ts";

const Extension = struct({ next: u8, length: u8 });

export const program = xdp((packet) => {
  const ethernet = packet.at(Ethernet, 0);
  if (ethernet === null) return XDP_ABORTED;
  if (ethernet.type !== htons(0x86dd)) return XDP_PASS;
  const ip = packet.at(Ipv6, 14);
  if (ip === null) return XDP_ABORTED;
  let next = ip.next;
  let offset: u32 = 54;
  for (let headers: u32 = 0; headers < 6; headers += 1) {
    if (next !== 0 && next !== 43 && next !== 60) break;
    const extension = packet.at(Extension, offset);
    if (extension === null) return XDP_ABORTED;
    next = extension.next;
    offset += (extension.length + 1) << 3;
  }
  if (next !== 17) return XDP_PASS;
  const udp = packet.at(Udp, offset);
  if (udp === null) return XDP_ABORTED;
  return ntohs(udp.destination) + offset;
});
