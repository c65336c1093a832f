import type { Decoded } from "@weir/bytecode/layout";
import type { Stats } from "@weir/programs";
import { COUNTER_NAMES, type Counters } from "../counters.ts";

/** The fields of `STATS`, added up over all CPUs. */
export type StatsSums = Readonly<Decoded<typeof Stats>>;

/** Adds up the parts of all CPUs. */
export function sumStats(parts: readonly StatsSums[]): StatsSums {
  const [first, ...others] = parts;
  if (first === undefined) throw new RangeError("a per-CPU value has a part for each CPU");
  const sums = { ...first };
  for (const part of others) {
    for (const name of fieldsOf(sums)) sums[name] += part[name];
  }
  return sums;
}

/** The counters that users see: all but those of the flow table itself. */
export function countersOf(stats: StatsSums): Counters {
  // Filled with each of the names.
  return Object.fromEntries(COUNTER_NAMES.map((name) => [name, stats[name]])) as Counters;
}

function fieldsOf(sums: StatsSums): (keyof StatsSums)[] {
  // An object decoded from the layout has its fields and no others.
  return Object.keys(sums) as (keyof StatsSums)[];
}
