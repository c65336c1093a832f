import { KIND_FRAGMENT, KIND_L4, KIND_NO_PORT } from "@weir/programs";
import type { Connection, ConnectionKind, Protocol, Rates } from "../connection.ts";
import { protocol } from "../text/protocol.ts";
import type { FlowRows } from "./flow-rows.ts";
import type { Growth } from "./growth.ts";

const KINDS: ReadonlyMap<number, ConnectionKind> = new Map([
  [KIND_L4, "l4"],
  [KIND_FRAGMENT, "frag"],
  [KIND_NO_PORT, "noport"],
]);

/** A row as an object. */
export function connectionAt(rows: FlowRows, row: number): Connection {
  return {
    kind: kindAt(rows, row),
    protocol: protocolAt(rows, row),
    source: rows.family.source(rows.keys, keyAt(rows, row)),
    sourcePort: swap(portsAt(rows, row) & 0xffff),
    destination: rows.family.destination(rows.keys, keyAt(rows, row)),
    destinationPort: swap(portsAt(rows, row) >>> 16),
    packets: rows.packets.bigint(row),
    bytes: rows.bytes.bigint(row),
    drops: rows.drops.bigint(row),
    lastSeen: rows.lastSeen.bigint(row),
  };
}

/**
 * A row as an object, with what it gained in `seconds` as rates. In one piece: adding them to the other makes two objects of
 * each row, and memory is what a large table costs most.
 */
export function ratedConnectionAt(
  rows: FlowRows,
  row: number,
  { packets, bytes }: Growth,
  seconds: number,
): Connection & Rates {
  return {
    kind: kindAt(rows, row),
    protocol: protocolAt(rows, row),
    source: rows.family.source(rows.keys, keyAt(rows, row)),
    sourcePort: swap(portsAt(rows, row) & 0xffff),
    destination: rows.family.destination(rows.keys, keyAt(rows, row)),
    destinationPort: swap(portsAt(rows, row) >>> 16),
    packets: rows.packets.bigint(row),
    bytes: rows.bytes.bigint(row),
    drops: rows.drops.bigint(row),
    lastSeen: rows.lastSeen.bigint(row),
    packetsPerSecond: packets / seconds,
    bytesPerSecond: bytes / seconds,
  };
}

function keyAt({ family }: FlowRows, row: number): number {
  return row * family.keyWords;
}

function portsAt(rows: FlowRows, row: number): number {
  return rows.keys[keyAt(rows, row) + rows.family.ports] ?? 0;
}

function kindAt(rows: FlowRows, row: number): ConnectionKind {
  return KINDS.get((restAt(rows, row) >>> 8) & 255) ?? "noport";
}

function protocolAt(rows: FlowRows, row: number): Protocol {
  return protocol(restAt(rows, row) & 255);
}

/** Protocol and kind. */
function restAt(rows: FlowRows, row: number): number {
  return rows.keys[keyAt(rows, row) + rows.family.protocol] ?? 0;
}

/** A port from network order. */
function swap(port: number): number {
  return ((port & 255) << 8) | (port >>> 8);
}
