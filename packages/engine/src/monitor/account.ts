import type { DropsByCause, Identity } from "../identity.ts";
import type { StatsSums } from "./stats-sums.ts";

/** What was read, in this order: `before`, the flow table, `after`, `last`. */
export interface Account {
  /** Packets are sampled: what connections have is estimated, and what was sampled is counted beside it. */
  readonly estimates: boolean;
  readonly before: StatsSums;
  /** Packets in all slots of the flow table, or sampled into them. */
  readonly flowPackets: bigint;
  /** Of these packets those that were dropped. */
  readonly flowDrops: bigint;
  readonly after: StatsSums;
  readonly last: StatsSums;
}

/**
 * Proves the identity, or not.
 *
 * The program counts a frame as seen first and puts it into the account then, and counters only grow. So what was seen
 * before the reading is in the account by its end, and what the account held at its beginning has been seen by the end.
 * A connection that loses its slot in between goes to the evicted ones: it may be in both, or in neither, of the flow
 * table and the evicted ones. So the lower sum takes those from before and the upper sum those from after.
 *
 * It is the same with what is dropped: counted by what decided first, and then where the frame is put into the account.
 */
export function prove({ estimates, before, flowPackets, flowDrops, after, last }: Account): Identity {
  const evicted = (stats: StatsSums) => (estimates ? stats.evicted_sampled : stats.evicted_packets);
  const sum = (stats: StatsSums) =>
    flowPackets + evicted(stats) + stats.unattributed + stats.overflow + stats.sampled_out;
  const drops = (stats: StatsSums) =>
    flowDrops + stats.evicted_drops + stats.unattributed_drops + stats.overflow_drops + stats.sampled_out_drops;
  const holds = before.frames <= sum(after) && sum(before) <= last.frames;
  const dropsHold = droppedOf(before) <= drops(after) && drops(before) <= droppedOf(last);
  return {
    seenBefore: before.frames,
    seenAfter: last.frames,
    accounted: flowPackets + evicted(after),
    unattributed: after.unattributed,
    overflow: after.overflow,
    sampledOut: after.sampled_out,
    passed: sum(after) - drops(after),
    dropped: dropsByCause(after),
    holds: holds && dropsHold,
    exact: before.frames === last.frames,
  };
}

function dropsByCause(stats: StatsSums): DropsByCause {
  return { byRule: stats.dropped_by_rule, byLimit: stats.dropped_by_limit, byDefault: stats.dropped_by_default };
}

function droppedOf(stats: StatsSums): bigint {
  return stats.dropped_by_rule + stats.dropped_by_limit + stats.dropped_by_default;
}
