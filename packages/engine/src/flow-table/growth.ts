import type { FlowRows } from "./flow-rows.ts";
import { NO_ROW } from "./flow-rows.ts";

/** How much a row has gained: its rate, once divided by the time. */
export interface Growth {
  readonly packets: number;
  readonly bytes: number;
}

/** How much more rows have than in an earlier reading. One that has less than before has begun anew: all of it is gain. */
export function growthSince(before: readonly FlowRows[]): (rows: FlowRows, row: number) => Growth {
  return (rows, row) => {
    const packets = rows.packets.number(row);
    const bytes = rows.bytes.number(row);
    const older = before.find((candidate) => candidate.family === rows.family);
    const olderRow = older?.find(rows, row) ?? NO_ROW;
    if (older === undefined || olderRow === NO_ROW) return { packets, bytes };
    return { packets: gain(older.packets.number(olderRow), packets), bytes: gain(older.bytes.number(olderRow), bytes) };
  };
}

function gain(then: number, now: number): number {
  return then <= now ? now - then : now;
}
