import type { FlowRows } from "./flow-rows.ts";
import { NO_ROW } from "./key-index.ts";

/** How much a row has gained: its rate, once divided by the time. */
export interface Growth {
  readonly packets: number;
  readonly bytes: number;
}

/** How much rows of an IP version have gained: some of them, or any of them. */
export type GrowthOfRows = (rows: FlowRows, some?: readonly number[]) => (row: number) => Growth;

/** How much more rows have than in an earlier reading. One that has less than before has begun anew: all of it is gain. */
export function growthSince(before: readonly FlowRows[]): GrowthOfRows {
  return (rows, some) => {
    const { packets, bytes } = rows;
    const older = before.find(({ family }) => family === rows.family);
    if (older === undefined) return (row) => ({ packets: packets.number(row), bytes: bytes.number(row) });
    const olderRow = olderRows(older, rows, some);
    return (row) => {
      const then = olderRow(row);
      if (then === NO_ROW) return { packets: packets.number(row), bytes: bytes.number(row) };
      return {
        packets: gain(older.packets.number(then), packets.number(row)),
        bytes: gain(older.bytes.number(then), bytes.number(row)),
      };
    };
  };
}

/**
 * Where rows were in the reading before. Mostly a connection has the slot that it had. Of the others it is found out at once which were there:
 * to look for each by itself would take as long.
 */
function olderRows(older: FlowRows, rows: FlowRows, some?: readonly number[]): (row: number) => number {
  let moved: ReadonlyMap<number, number> | undefined;
  return (row) => {
    const inSlot = older.findInSlot(rows, row);
    if (inSlot !== NO_ROW) return inSlot;
    moved ??= older.findMoved(rows, some);
    return moved.get(row) ?? NO_ROW;
  };
}

function gain(then: number, now: number): number {
  return then <= now ? now - then : now;
}
