import type { Decoded } from "@weir/bytecode/layout";
import type { Stats } from "@weir/programs";
import { COUNTER_NAMES, type Counters } from "../counters.ts";

/** The fields of `STATS`, added up over all CPUs. */
export type StatsSums = Readonly<Decoded<typeof Stats>>;

/** The counters that users see: all but those of the flow table itself. */
export function countersOf(stats: StatsSums): Counters {
  // Filled with each of the names.
  return Object.fromEntries(COUNTER_NAMES.map((name) => [name, stats[name]])) as Counters;
}
