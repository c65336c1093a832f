/** The memory of a flow table, as a kernel program would have left it. */
import { encode } from "@weir/bytecode/layout";
import { KIND_L4, XdpConn6Stats, XdpConnStats } from "@weir/programs";
import type { FlowFamily } from "../../../src/flow-table/flow-family.ts";
import { FlowRows } from "../../../src/flow-table/flow-rows.ts";

export interface Flow {
  /** Names the connection: the same number, the same key. */
  readonly id: number;
  readonly packets: bigint;
  readonly bytes: bigint;
  readonly lastSeen: bigint;
  /** Default 1. */
  readonly drops?: bigint;
}

const common = ({ id, packets, bytes, lastSeen, drops = 1n }: Flow) => ({
  packet_count: packets,
  byte_count: bytes,
  last_seen_ns: lastSeen,
  drop_count: drops,
  sourcePort: id & 0xffff,
  destinationPort: 443,
  protocol: 6,
  kind: KIND_L4,
  reserved: 0,
});

/** One slot for each flow, a free one for each undefined. */
export function ipv4Memory(slots: readonly (Flow | undefined)[]): ArrayBuffer {
  const memory = new ArrayBuffer(slots.length * XdpConnStats.size);
  for (const [index, flow] of slots.entries()) {
    if (flow === undefined) continue;
    const value = { ...common(flow), source: 0xc000_0200 + (flow.id >>> 16), destination: 0xc633_6407 };
    encode(XdpConnStats, value, new DataView(memory), index * XdpConnStats.size);
  }
  return memory;
}

/** The same for IPv6. */
export function ipv6Memory(slots: readonly (Flow | undefined)[]): ArrayBuffer {
  const memory = new ArrayBuffer(slots.length * XdpConn6Stats.size);
  for (const [index, flow] of slots.entries()) {
    if (flow === undefined) continue;
    const sourceLow = BigInt(flow.id >>> 16);
    const addresses = { sourceHigh: 0x2001_0db8n << 32n, sourceLow, destinationHigh: 0n, destinationLow: 1n };
    encode(XdpConn6Stats, { ...common(flow), ...addresses }, new DataView(memory), index * XdpConn6Stats.size);
  }
  return memory;
}

/** The rows of one piece of memory. */
export function rowsOf(family: FlowFamily, memory: ArrayBuffer): FlowRows {
  const rows = new FlowRows(family);
  rows.refill([{ words: new Uint32Array(memory), first: 0 }]);
  return rows;
}

/** The rows that are connections. */
export function connectionsIn(rows: FlowRows): number[] {
  return Array.from({ length: rows.count }, (_, row) => row).filter((row) => !rows.isFolded(row));
}
