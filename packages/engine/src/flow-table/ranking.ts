import type { SortKey } from "../options.ts";
import type { FlowRows } from "./flow-rows.ts";
import type { FlowTables } from "./flow-tables.ts";
import type { Growth } from "./growth.ts";

const WEIGHTS: Readonly<Record<SortKey, (rows: FlowRows, row: number, growth: Growth) => number>> = {
  packets: (rows, row) => rows.packets.number(row),
  bytes: (rows, row) => rows.bytes.number(row),
  recent: (rows, row) => rows.lastSeen.number(row),
  rate: (rows, row, growth) => growth.packets(rows, row),
};

/** What `make` gives for the listed rows with the greatest weights, the greatest first, at most `limit` of them. */
export function rank<T>(
  { families, tracked }: FlowTables,
  sort: SortKey,
  limit: number,
  growth: Growth,
  make: (rows: FlowRows, row: number) => T,
): T[] {
  const weigh = WEIGHTS[sort];
  const weights = new Float64Array(tracked);
  const order = new Uint32Array(tracked);
  let count = 0;
  for (const { rows, listed } of families) {
    for (const row of listed) {
      weights[count] = weigh(rows, row, growth);
      order[count] = count++;
    }
  }
  // The indexes are inside, which the type checker cannot know.
  order.sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b);

  const ranked: T[] = [];
  for (const index of order.subarray(0, limit)) {
    let at = index;
    for (const { rows, listed } of families) {
      const row = listed[at];
      if (row !== undefined) {
        ranked.push(make(rows, row));
        break;
      }
      at -= listed.length;
    }
  }
  return ranked;
}
