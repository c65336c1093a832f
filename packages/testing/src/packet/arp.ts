import { ipv4Bytes, macBytes } from "./address.ts";
import { concatenate } from "./bytes.ts";
import type { Layer } from "./layer.ts";

/** An ARP packet for IPv4 over Ethernet. */
export interface ArpFields {
  readonly operation?: "request" | "reply";
  readonly senderHardware?: string;
  readonly sender?: string;
  readonly targetHardware?: string;
  readonly target?: string;
}

export function arpLayer(fields: ArpFields): Layer {
  return {
    etherType: 0x0806,
    encode: () =>
      concatenate(
        Uint8Array.of(0, 1, 0x08, 0x00, 6, 4, 0, fields.operation === "reply" ? 2 : 1),
        macBytes(fields.senderHardware ?? "02:00:00:00:00:01"),
        ipv4Bytes(fields.sender ?? "192.0.2.1"),
        macBytes(fields.targetHardware ?? "00:00:00:00:00:00"),
        ipv4Bytes(fields.target ?? "192.0.2.2"),
      ),
  };
}
