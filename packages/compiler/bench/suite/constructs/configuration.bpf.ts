// Values that user space sets before it loads: immediates here, constants of `.rodata` in C.
import { struct, u16, u32, u64 } from "@weir/bytecode/layout";
import { config, ntohs, perCpuArrayMap, XDP_ABORTED, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
import { Ethernet, Udp } from "../headers.ts";

const port = config("port", u16, 53);
const longest = config("longest", u32, 1500);
const counting = config("counting", u32, 1);
export const DROPPED = perCpuArrayMap({ value: struct({ packets: u64 }), maxEntries: 1 });

export const program = xdp((packet) => {
  const ethernet = packet.at(Ethernet, 0);
  if (ethernet === null) return XDP_ABORTED;
  const udp = packet.at(Udp, 34);
  if (udp === null) return XDP_ABORTED;
  if (packet.length <= longest && ntohs(udp.destination) !== port) return XDP_PASS;
  if (counting !== 0) {
    const dropped = DROPPED.lookup(0);
    if (dropped !== null) dropped.packets += 1;
  }
  return XDP_DROP;
});
