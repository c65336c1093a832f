import type { SortKey } from "../options.ts";
import type { Evicted } from "../snapshot.ts";
import type { FlowRows } from "./flow-rows.ts";
import { Greatest } from "./greatest.ts";
import type { Growth, GrowthOfRows } from "./growth.ts";
import { IdleConnections } from "./idle-connections.ts";

/** Which connections to list. */
export interface Selection {
  readonly sort: SortKey;
  /** `Infinity` is all. */
  readonly limit: number;
  /** Those last seen before it are not listed, in nanoseconds of CLOCK_MONOTONIC. */
  readonly idleBefore: bigint;
}

/** The connections of a monitor at one moment. */
export interface Listing<T> {
  readonly connections: readonly T[];
  /** How many there are without the idle ones, also those beyond the limit. */
  readonly tracked: number;
  readonly idle: Evicted;
}

/** Makes a row into what is listed. */
type Make<T> = (rows: FlowRows, row: number, growth: Growth) => T;

/** What the rows of an IP version are sorted by. */
function weightOf(rows: FlowRows, sort: SortKey, growth: GrowthOfRows): (row: number) => number {
  if (sort === "rate") {
    const growthOf = growth(rows);
    return (row) => growthOf(row).packets;
  }
  const column = { packets: rows.packets, bytes: rows.bytes, recent: rows.lastSeen }[sort];
  return (row) => column.number(row);
}

/** Lists what `make` gives for connections, the one with the greatest weight first. What is beyond the limit costs no object. */
export function list<T>(
  families: readonly FlowRows[],
  { sort, limit, idleBefore }: Selection,
  growth: GrowthOfRows,
  make: Make<T>,
): Listing<T> {
  const high = Number(idleBefore >> 32n);
  const low = Number(idleBefore & 0xffff_ffffn);
  const connections = families.reduce((sum, rows) => sum + rows.connections, 0);
  const greatest = new Greatest(limit, connections);
  const idle = new IdleConnections();
  let first = 0;
  for (const rows of families) {
    const { lastSeen, count } = rows;
    const weigh = weightOf(rows, sort, growth);
    for (let row = 0; row < count; row++) {
      if (rows.isFolded(row)) continue;
      if (lastSeen.isBelow(row, high, low)) {
        idle.add(rows, row);
        continue;
      }
      const weight = weigh(row);
      if (weight > greatest.least) greatest.add(weight, first + row);
    }
    first += count;
  }
  return {
    connections: made(families, greatest.numbers(), growth, make),
    tracked: connections - idle.count,
    idle: idle.sums(families.some(({ samples }) => samples !== undefined)),
  };
}

/** What `make` gives for rows, whose numbers go on from one IP version to the next. */
function made<T>(families: readonly FlowRows[], numbers: readonly number[], growth: GrowthOfRows, make: Make<T>): T[] {
  let end = 0;
  const ranges = families.map((rows) => {
    const first = end;
    end += rows.count;
    const last = end - 1;
    const some = numbers.filter((number) => number >= first && number <= last).map((number) => number - first);
    return { rows, first, last, growthOf: growth(rows, some) };
  });
  return numbers.map((number) => {
    const range = ranges.find(({ last }) => number <= last);
    if (range === undefined) throw new RangeError(`row ${number} is in no table`);
    const row = number - range.first;
    return make(range.rows, row, range.growthOf(row));
  });
}
