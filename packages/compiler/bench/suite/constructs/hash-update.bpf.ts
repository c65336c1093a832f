// A value written anew for every packet, and one deleted.
import { be32, struct, u32, type Value } from "@weir/bytecode/layout";
import { BPF_ANY, hashMap, XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Ipv4 } from "../headers.ts";

const Key = struct({ source: be32, destination: be32 });
const Seen = struct({ length: u32, protocol: u32 });
export const SEEN = hashMap({ key: Key, value: Seen, maxEntries: 1024 });

export const program = xdp((packet) => {
  const ip = packet.at(Ipv4, 14);
  if (ip === null) return XDP_ABORTED;
  const key: Value<typeof Key> = { source: ip.source, destination: ip.destination };
  const there: Value<typeof Key> = { source: ip.destination, destination: ip.source };
  const deleted = SEEN.delete(there);
  const updated = SEEN.update(key, { length: packet.length, protocol: ip.protocol }, BPF_ANY);
  return (deleted + updated) as u32;
});
