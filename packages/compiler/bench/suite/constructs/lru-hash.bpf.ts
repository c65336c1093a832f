// A connection table of the kernel's: least recently used out first.
import { be16, be32, struct, u32, u64, type Value } from "@weir/bytecode/layout";
import { BPF_NOEXIST, lruHashMap, XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Ipv4, Udp } from "../headers.ts";

const Key = struct({ source: be32, destination: be32, sourcePort: be16, destinationPort: be16, protocol: u32 });
const Count = struct({ packets: u64, bytes: u64 });
export const FLOWS = lruHashMap({ key: Key, value: Count, maxEntries: 4096 });

export const program = xdp((packet) => {
  const ip = packet.at(Ipv4, 14);
  if (ip === null) return XDP_ABORTED;
  const ports = packet.at(Udp, 34);
  if (ports === null) return XDP_ABORTED;
  const key: Value<typeof Key> = {
    source: ip.source,
    destination: ip.destination,
    sourcePort: ports.source,
    destinationPort: ports.destination,
    protocol: ip.protocol,
  };
  const flow = FLOWS.lookup(key);
  if (flow === null) return FLOWS.update(key, { packets: 1, bytes: packet.length }, BPF_NOEXIST) as u32;
  flow.packets += 1;
  flow.bytes += packet.length;
  return flow.packets as u32;
});
