import { type Decoded, decode } from "@weir/bytecode/layout";
import { Stats } from "@weir/programs";
import { COUNTER_NAMES, type Counters } from "../counters.ts";

/** The fields of `STATS`, added up over all CPUs. */
export type StatsSums = Readonly<Decoded<typeof Stats>>;

/** What is counted before anything is. */
export const NOTHING_COUNTED: StatsSums = decode(Stats, new DataView(new ArrayBuffer(Stats.size)));

/** The counters that users see: all but those of the flow table itself. */
export function countersOf(stats: StatsSums): Counters {
  // Filled with each of the names.
  return Object.fromEntries(COUNTER_NAMES.map((name) => [name, stats[name]])) as Counters;
}
