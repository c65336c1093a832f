// A look-up in a hash map with a key of two fields, and an update where there is none.
import { be32, struct, u32, u64, type Value } from "@weir/bytecode/layout";
import { hashMap, XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Ipv4 } from "../headers.ts";

const Key = struct({ source: be32, protocol: u32 });
const Count = struct({ packets: u64, bytes: u64 });
export const COUNTS = hashMap({ key: Key, value: Count, maxEntries: 1024 });

export const program = xdp((packet) => {
  const ip = packet.at(Ipv4, 14);
  if (ip === null) return XDP_ABORTED;
  const key: Value<typeof Key> = { source: ip.source, protocol: ip.protocol };
  const count = COUNTS.lookup(key);
  if (count !== null) {
    count.packets += 1;
    count.bytes += packet.length;
    return count.packets as u32;
  }
  COUNTS.update(key, { packets: 1, bytes: packet.length });
  return 1;
});
