import type { Identity } from "../identity.ts";
import type { StatsSums } from "./stats-sums.ts";

/** What was read, in this order: `before`, the flow table, `after`, `seenAfter`. */
export interface Account {
  /** Packets are sampled: what connections have is estimated, and what was sampled is counted beside it. */
  readonly estimates: boolean;
  readonly before: StatsSums;
  /** Packets in all slots of the flow table, or sampled into them. */
  readonly flowPackets: bigint;
  readonly after: StatsSums;
  readonly seenAfter: bigint;
}

/**
 * Proves the identity, or not.
 *
 * The program counts a frame as seen first and puts it into the account then, and counters only grow. So what was seen
 * before the reading is in the account by its end, and what the account held at its beginning has been seen by the end.
 * A connection that loses its slot in between goes to the evicted ones: it may be in both, or in neither, of the flow
 * table and the evicted ones. So the lower sum takes those from before and the upper sum those from after.
 */
export function prove({ estimates, before, flowPackets, after, seenAfter }: Account): Identity {
  const evicted = (stats: StatsSums) => (estimates ? stats.evicted_sampled : stats.evicted_packets);
  const sum = (stats: StatsSums) =>
    flowPackets + evicted(stats) + stats.unattributed + stats.overflow + stats.sampled_out;
  return {
    seenBefore: before.frames,
    seenAfter,
    accounted: flowPackets + evicted(after),
    unattributed: after.unattributed,
    overflow: after.overflow,
    sampledOut: after.sampled_out,
    holds: before.frames <= sum(after) && sum(before) <= seenAfter,
    exact: before.frames === seenAfter,
  };
}
