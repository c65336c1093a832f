import { ipPacketOf } from "./ip-packet.ts";
import type { LimitKey } from "./limit.ts";
import { prefixKey } from "./set-contents.ts";

/**
 * What a frame is limited with. Frames without a whole header of IP right behind Ethernet and its VLAN tags are limited together. A flow is both
 * addresses, the protocol, and both ports of TCP, UDP and SCTP, where they are right behind the first header and in this fragment.
 */
export function limitKeyOf(key: LimitKey, frame: Uint8Array): string {
  if (key.kind === "rule") return "";
  const packet = ipPacketOf(frame);
  if (packet === undefined) return "";
  const { version, source, destination, protocol, ports } = packet;
  if (key.kind === "flow") return [version, ...source, ...destination, protocol, ports].join(" ");
  return `${version} ${prefixKey(source, version === 4 ? key.ipv4 : key.ipv6)}`;
}
