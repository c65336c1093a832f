import { KIND_FRAGMENT, KIND_L4, KIND_NO_PORT } from "@weir/programs";
import type { Connection, ConnectionKind, Rates } from "../connection.ts";
import { protocol } from "../text/protocol.ts";
import type { FlowRows } from "./flow-rows.ts";
import type { Growth } from "./growth.ts";

const KINDS: ReadonlyMap<number, ConnectionKind> = new Map([
  [KIND_L4, "l4"],
  [KIND_FRAGMENT, "frag"],
  [KIND_NO_PORT, "noport"],
]);

const NO_GROWTH: Growth = { packets: 0, bytes: 0 };

/** A row as an object. */
export function connectionAt(rows: FlowRows, row: number): Connection {
  const { packetsPerSecond, bytesPerSecond, ...connection } = ratedConnectionAt(rows, row, NO_GROWTH, 1);
  return connection;
}

/**
 * A row as an object, with what it gained in `seconds` as rates. Made in one piece: a snapshot has one for each row, and memory
 * is what a large table costs most.
 */
export function ratedConnectionAt(
  rows: FlowRows,
  row: number,
  { packets, bytes }: Growth,
  seconds: number,
): Connection & Rates {
  const { family, keys } = rows;
  const key = row * family.keyWords;
  const ports = keys[key + family.ports] ?? 0;
  const rest = keys[key + family.protocol] ?? 0;
  const connection = {
    kind: KINDS.get((rest >>> 8) & 255) ?? "noport",
    protocol: protocol(rest & 255),
    source: family.source(keys, key),
    sourcePort: swap(ports & 0xffff),
    destination: family.destination(keys, key),
    destinationPort: swap(ports >>> 16),
    packets: rows.packets.bigint(row),
    bytes: rows.bytes.bigint(row),
    drops: (rows.samples ?? rows).drops.bigint(row),
    lastSeen: rows.lastSeen.bigint(row),
    packetsPerSecond: packets / seconds,
    bytesPerSecond: bytes / seconds,
  };
  return rows.samples === undefined ? connection : { ...connection, standardError: rows.samples.standardError(row) };
}

/** A port from network order. */
function swap(port: number): number {
  return ((port & 255) << 8) | (port >>> 8);
}
