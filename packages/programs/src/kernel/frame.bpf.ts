import type { u16, u32, u64, Value } from "@weir/bytecode/layout";
import { ntohs, opaque, perCpuArrayMap, XDP_PASS, type XdpPacket } from "@weir/compiler/language";
import { EthernetHeader, VlanTag } from "../records/ethernet.ts";
import { Stats } from "../records/stats.ts";
import { countIpv4 } from "./ipv4.bpf.ts";
import { countIpv6 } from "./ipv6.bpf.ts";
import { countMalformed } from "./malformed.bpf.ts";
import { multiBuffer } from "./settings.bpf.ts";
import { countUnattributedDrop } from "./unattributed-drop.bpf.ts";

export const STATS = perCpuArrayMap({ value: Stats, maxEntries: 1 });

/** See https://www.iana.org/assignments/ieee-802-numbers. */
const IPV4 = 0x0800;
const ARP = 0x0806;
const VLAN = 0x8100;
const SERVICE_VLAN = 0x88a8;
const IPV6 = 0x86dd;
/** Below it the field is a length (IEEE 802.3, clause 3.2.6). */
const FIRST_ETHERTYPE = 0x0600;

const MAX_TAGS = 8;

type Counters = Value<typeof Stats>;

function countTags(stats: Counters, tags: u32): void {
  if (tags === 0) return;
  if (tags === 1) stats.vlan_single += 1;
  else if (tags === 2) stats.vlan_double += 1;
  else stats.vlan_more += 1;
}

function countOther(stats: Counters, type: u16, length: u32, dropped: u64): void {
  if (type < FIRST_ETHERTYPE) {
    stats.llc_8023 += 1;
    stats.llc_8023_bytes += length;
  } else if (type === ARP) {
    stats.arp += 1;
    stats.arp_bytes += length;
  } else {
    stats.other_ethertype += 1;
    stats.other_ethertype_bytes += length;
  }
  stats.unattributed += 1;
  countUnattributedDrop(stats, dropped);
}

/** Bytes of the whole frame. */
export function frameLength(packet: XdpPacket): u32 {
  return multiBuffer === 0 ? packet.length : packet.totalLength;
}

/**
 * Counts a frame, from Ethernet and VLAN tags over IP to the connection it belongs to, and gives the verdict of the stages that
 * know the connection; `XDP_PASS` where there is none.
 *
 * `dropped` is 1 when rules drop the frame.
 */
export function countFrame(packet: XdpPacket, stats: Counters, length: u32, dropped: u64): u32 {
  stats.frames += 1;
  stats.bytes += length;

  const ethernet = packet.at(EthernetHeader, 0);
  if (ethernet === null) {
    countMalformed(stats, dropped);
    return XDP_PASS;
  }
  let type = ntohs(ethernet.etherType);
  let offset: u32 = 14;
  let tags: u32 = 0;
  while ((type === VLAN || type === SERVICE_VLAN) && tags < MAX_TAGS) {
    const tag = packet.at(VlanTag, offset);
    if (tag === null) {
      countMalformed(stats, dropped);
      return XDP_PASS;
    }
    type = ntohs(tag.etherType);
    // However many tags there were, the verifier follows the rest of the program once.
    offset = opaque(offset + 4, tag, "control") & 0x3f;
    tags += 1;
  }
  countTags(stats, tags);

  if (type === IPV4) return countIpv4(packet, stats, offset, length, dropped);
  if (type === IPV6) return countIpv6(packet, stats, offset, length, dropped);
  countOther(stats, type, length, dropped);
  return XDP_PASS;
}
