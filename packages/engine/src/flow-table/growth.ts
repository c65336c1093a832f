import { type FlowRows, NO_ROW } from "./flow-rows.ts";

/** Tells what a row has had since the snapshot before. */
export interface Growth {
  packets(rows: FlowRows, row: number): number;
  bytes(rows: FlowRows, row: number): number;
}

/**
 * What rows have gained over the tables of a moment before. A row that is smaller than before went away meanwhile and
 * began anew: then all of it is gain.
 */
export function growthSince(before: readonly FlowRows[]): Growth {
  const gain = (column: "packets" | "bytes", rows: FlowRows, row: number): number => {
    const now = rows[column].number(row);
    const older = before.find((candidate) => candidate.family === rows.family);
    const olderRow = older?.find(rows, row) ?? NO_ROW;
    const then = olderRow === NO_ROW ? 0 : (older?.[column].number(olderRow) ?? 0);
    return then <= now ? now - then : now;
  };
  return {
    packets: (rows, row) => gain("packets", rows, row),
    bytes: (rows, row) => gain("bytes", rows, row),
  };
}
