import type { Value } from "@weir/bytecode/layout";
import type { Stats } from "../records/stats.ts";

/** Counts a frame that breaks off, or contradicts itself, before there is a connection that it could belong to. */
export function countMalformed(stats: Value<typeof Stats>): void {
  stats.malformed += 1;
  stats.unattributed += 1;
}
