/** Tells user space of each TCP connection that is being opened, through a ring buffer; and of how many it could not. */
import { atomicAdd, global, monotonicTime, ringBuffer, XDP_PASS, xdp } from "@weir/compiler/language";
import { Tcp } from "./headers.ts";
import { behind, hasPorts, ipv4Of } from "./ipv4.bpf.ts";
import { Opening, Packets } from "./records.ts";

export const EVENTS = ringBuffer({ size: 65_536 });
const lost = global(Packets);

const SYN = 2;
const ACK = 16;

export const events = xdp((packet) => {
  const ip = ipv4Of(packet);
  if (ip === null || ip.protocol !== 6 || !hasPorts(ip)) return XDP_PASS;
  const tcp = packet.at(Tcp, behind(ip));
  if (tcp === null || (tcp.flags & (SYN | ACK)) !== SYN) return XDP_PASS;
  const event = EVENTS.reserve(Opening);
  if (event === null) {
    atomicAdd(lost, "packets", 1);
    return XDP_PASS;
  }
  event.time = monotonicTime();
  event.source = ip.source;
  event.destination = ip.destination;
  event.sourcePort = tcp.sourcePort;
  event.destinationPort = tcp.destinationPort;
  EVENTS.submit(event);
  return XDP_PASS;
});
