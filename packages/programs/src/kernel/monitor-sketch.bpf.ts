// A sketch of the monitor, to fix what the language must be able to say. Replaced by monitor.bpf.ts.

import type { Value } from "@weir/bytecode/layout";
import { be16, be32, struct, u8, type u16, u32, u64 } from "@weir/bytecode/layout";
import {
  arrayMap,
  config,
  cpuNumber,
  jiffies,
  ntohs,
  perCpuArrayMap,
  view,
  XDP_PASS,
  type XdpPacket,
  xdp,
} from "@weir/compiler/language";
import { EthernetHeader, VlanTag } from "../records/ethernet.ts";
import { Ipv4Addresses, Ipv4Header } from "../records/ip.ts";

const Stats = struct({
  frames: u64,
  bytes: u64,
  arp: u64,
  tcp: u64,
  vlan_single: u64,
  malformed: u64,
  overflow: u64,
  used: u64,
  evicted_packets: u64,
});
type Stats = Value<typeof Stats>;

const XdpConnStats = struct({
  source: be32,
  destination: be32,
  sourcePort: be16,
  destinationPort: be16,
  protocol: u8,
  kind: u8,
  reserved: be16,
  packet_count: u64,
  byte_count: u64,
  last_seen_ns: u64,
  drop_count: u64,
});
/** The key of a slot as two words, to compare at once. */
const SlotWords = struct({ addresses: u64, rest: u64, counts: struct({ a: u64, b: u64, c: u64, d: u64 }) });

export const STATS = perCpuArrayMap({ value: Stats, maxEntries: 1 });
export const XDP_CONN_STATS = arrayMap({ value: XdpConnStats, maxEntries: 16384, mmapable: true });

const slots = config("slots", u32, 16384);
const limit = config("limit", u32, 10240);
const sections = config("sections", u32, 1);
const seed = config("seed", u64, 0);
const tick = config("tick_ns", u64, 1_000_000);
const clockBase = config("clock_base", u64, 0);
const idle = config("idle_ns", u64, 60_000_000_000);
const multiBuffer = config("multi_buffer", u8, 0);

const PROBES = 32;
const ETHERTYPE_IPV4 = 0x0800;

function isVlan(type: u16): boolean {
  return type === 0x8100 || type === 0x88a8;
}

function countIpv4(stats: Stats, addresses: u64, rest: u64, length: u32): void {
  const cpu = cpuNumber();
  if (cpu >= sections) {
    stats.overflow += 1;
    return;
  }
  const now = jiffies() * tick + clockBase;
  let hash: u32 =
    (((addresses ^ seed) * u64.of(0x9e37_79b9_7f4a_7c15n)) ^ (rest * u64.of(0xc2b2_ae3d_27d4_eb4fn))) >> 32;
  for (let probe = 0; probe < PROBES; probe++) {
    const slot = XDP_CONN_STATS.lookup(cpu * slots + ((((hash as u64) * slots) >> 32) as u32));
    if (slot === null) return;
    const words = view(slot, SlotWords);
    if (words.addresses === addresses && words.rest === rest) {
      slot.packet_count += 1;
      slot.byte_count += length;
      slot.last_seen_ns = now;
      return;
    }
    if (words.rest === 0 || (idle !== 0 && now - slot.last_seen_ns > idle)) {
      // free or idle: take it
      return;
    }
    hash = hash * 0x9e37_79b1 + 1;
  }
  stats.overflow += 1;
}

export const xdp_packet_monitor = xdp((packet: XdpPacket) => {
  const stats = STATS.lookup(0);
  if (stats === null) return XDP_PASS;
  const length = multiBuffer !== 0 ? packet.totalLength : packet.length;
  stats.frames += 1;
  stats.bytes += length;
  const ethernet = packet.at(EthernetHeader, 0);
  if (ethernet === null) {
    stats.malformed += 1;
    return XDP_PASS;
  }
  let type = ntohs(ethernet.etherType);
  let offset: u32 = 14;
  let tags = 0;
  while (isVlan(type) && tags < 8) {
    const tag = packet.at(VlanTag, offset);
    if (tag === null) {
      stats.malformed += 1;
      return XDP_PASS;
    }
    type = ntohs(tag.etherType);
    offset += 4;
    tags += 1;
  }
  if (tags === 1) stats.vlan_single += 1;
  if (type === ETHERTYPE_IPV4) {
    const ip = packet.at(Ipv4Header, offset);
    if (ip === null || ip.versionAndLength >> 4 !== 4) {
      stats.malformed += 1;
      return XDP_PASS;
    }
    const headerLength = (ip.versionAndLength & 15) << 2;
    const ports = packet.at(struct({ both: u32 }), offset + headerLength);
    const rest: u64 = ports === null ? 0 : ports.both;
    switch (ip.protocol) {
      case 6:
        stats.tcp += 1;
        break;
      default:
        stats.malformed += 1;
    }
    countIpv4(stats, view(ip, Ipv4Addresses).both, rest | ((ip.protocol as u64) << 32), length);
  }
  return XDP_PASS;
});
