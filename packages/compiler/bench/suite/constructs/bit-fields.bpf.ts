// Parts of bytes: version, header length, flags.
import type { u32 } from "@weir/bytecode/layout";
import { ntohs, XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Ipv4, Tcp } from "../headers.ts";

export const program = xdp((packet) => {
  const ip = packet.at(Ipv4, 14);
  const tcp = packet.at(Tcp, 34);
  if (ip === null || tcp === null) return XDP_ABORTED;
  const version: u32 = ip.versionAndLength >> 4;
  const length: u32 = (ip.versionAndLength & 15) << 2;
  const fragment = ntohs(ip.fragment);
  const flags: u32 = fragment >> 13;
  const offset: u32 = (fragment & 0x1fff) << 3;
  const tcpLength: u32 = (tcp.offset >> 4) << 2;
  let classes: u32 = 0;
  if ((tcp.flags & 0x02) !== 0) classes |= 1;
  if ((tcp.flags & 0x10) !== 0) classes |= 2;
  if ((tcp.flags & 0x05) !== 0) classes |= 4;
  return version + (length << 4) + (flags << 8) + offset + (tcpLength << 16) + (classes << 24);
});
