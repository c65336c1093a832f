import type { SortKey } from "../options.ts";
import { descending } from "./descending.ts";
import type { FlowRows } from "./flow-rows.ts";
import type { FlowTables } from "./flow-tables.ts";
import type { Growth } from "./growth.ts";

type GrowthOf = (rows: FlowRows, row: number) => Growth;

const WEIGHTS: Readonly<Record<SortKey, (rows: FlowRows, row: number, growth: GrowthOf) => number>> = {
  packets: (rows, row) => rows.packets.number(row),
  bytes: (rows, row) => rows.bytes.number(row),
  recent: (rows, row) => rows.lastSeen.number(row),
  rate: (rows, row, growth) => growth(rows, row).packets,
};

/** What `make` gives for the listed rows with the greatest weights, the greatest first, at most `limit` of them. */
export function rank<T>(
  { families, tracked }: FlowTables,
  sort: SortKey,
  limit: number,
  growth: GrowthOf,
  make: (rows: FlowRows, row: number) => T,
): T[] {
  const weigh = WEIGHTS[sort];
  const weights = new Float64Array(tracked);
  let count = 0;
  for (const { rows, listed } of families) {
    for (const row of listed) weights[count++] = weigh(rows, row, growth);
  }

  return Array.from(descending(weights, limit), (index) => {
    let at = index;
    for (const { rows, listed } of families) {
      const row = listed[at];
      if (row !== undefined) return make(rows, row);
      at -= listed.length;
    }
    throw new RangeError(`row ${index} is in no table`);
  });
}
