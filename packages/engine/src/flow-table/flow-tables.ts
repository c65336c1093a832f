import type { Evicted } from "../snapshot.ts";
import type { FlowRows } from "./flow-rows.ts";

/** The rows of one IP version, and which of them to list. */
export interface ListedRows {
  readonly rows: FlowRows;
  readonly listed: Uint32Array;
}

/** The flow tables of one monitor at one moment, without the connections that have been silent for too long. */
export interface FlowTables {
  readonly families: readonly ListedRows[];
  /** How many rows are listed. */
  readonly tracked: number;
  /** What the rows that are not listed hold. */
  readonly idle: Evicted;
}

/** Divides rows into those to list and those last seen before `idleBefore` (nanoseconds of CLOCK_MONOTONIC). */
export function divide(families: readonly FlowRows[], idleBefore: bigint): FlowTables {
  const high = Number(idleBefore >> 32n);
  const low = Number(idleBefore & 0xffff_ffffn);
  const idle = { connections: 0n, packets: 0n, bytes: 0n };
  const variance = { packets: 0, bytes: 0 };
  const estimated = families.some(({ samples }) => samples !== undefined);
  const divided = families.map((rows) => {
    const { lastSeen } = rows;
    const listed = new Uint32Array(rows.count);
    let count = 0;
    for (let row = 0; row < rows.count; row++) {
      if (!lastSeen.isBelow(row, high, low)) {
        listed[count++] = row;
        continue;
      }
      idle.connections += 1n;
      idle.packets += rows.packets.bigint(row);
      idle.bytes += rows.bytes.bigint(row);
      variance.packets += rows.samples?.packetVariance.number(row) ?? 0;
      variance.bytes += rows.samples?.byteVariance(row) ?? 0;
    }
    return { rows, listed: listed.subarray(0, count) };
  });
  return {
    families: divided,
    tracked: divided.reduce((sum, { listed }) => sum + listed.length, 0),
    idle: estimated
      ? { ...idle, standardError: { packets: Math.sqrt(variance.packets), bytes: Math.sqrt(variance.bytes) } }
      : idle,
  };
}
