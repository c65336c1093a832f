/** What a kernel's ipip and ip6tnl devices do on the way in, for kernels without them: takes packets out of their tunnel. */
import { be16, bytes, packed, u8, u32 } from "@weir/bytecode/layout";
import { ntohs, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";

const Frame = packed({ first: u32, second: u32, third: u32, etherType: be16 });
const Ipv4 = packed({ versionAndLength: u8, before: bytes(8), protocol: u8, rest: bytes(10) });
const Ipv6 = packed({ before: bytes(6), nextHeader: u8, rest: bytes(33) });

export const decapsulate = xdp((packet) => {
  const frame = packet.at(Frame, 0);
  if (frame === null) return XDP_PASS;
  const first = frame.first;
  const second = frame.second;
  const third = frame.third;
  const type = frame.etherType;
  let outer: u32 = 0;
  if (ntohs(type) === 0x0800) {
    const ip = packet.at(Ipv4, 14);
    if (ip !== null && ip.versionAndLength === 0x45 && ip.protocol === 4) outer = 20;
  } else if (ntohs(type) === 0x86dd) {
    const ip = packet.at(Ipv6, 14);
    if (ip !== null && ip.nextHeader === 41) outer = 40;
  }
  if (outer === 0) return XDP_PASS;
  if (outer === 20) {
    if (packet.adjustHead(20) !== 0) return XDP_DROP;
  } else if (packet.adjustHead(40) !== 0) return XDP_DROP;
  const inner = packet.at(Frame, 0);
  if (inner === null) return XDP_DROP;
  inner.first = first;
  inner.second = second;
  inner.third = third;
  inner.etherType = type;
  return XDP_PASS;
});
