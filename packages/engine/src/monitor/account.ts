import type { Identity } from "../identity.ts";
import type { StatsSums } from "./stats-sums.ts";

/** What was read, in this order: `before`, the flow table, `after`, `seenAfter`. */
export interface Account {
  readonly before: StatsSums;
  /** Packets in all slots of the flow table. */
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
export function prove({ before, flowPackets, after, seenAfter }: Account): Identity {
  const atLeast = flowPackets + before.evicted_packets + before.unattributed + before.overflow;
  const atMost = flowPackets + after.evicted_packets + after.unattributed + after.overflow;
  return {
    seenBefore: before.frames,
    seenAfter,
    accounted: flowPackets + after.evicted_packets,
    unattributed: after.unattributed,
    overflow: after.overflow,
    holds: before.frames <= atMost && atLeast <= seenAfter,
    exact: before.frames === seenAfter,
  };
}
