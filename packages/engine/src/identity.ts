/**
 * The account of the frames: *seen = accounted + unattributed + overflow + sampled out*, and of their verdicts:
 * *seen = passed + dropped by rules, by limits, by the default*.
 *
 * While packets flow, the parts are read one after the other, so the sum lies between what was seen before the reading
 * and what was seen after it; at rest both are the same, and the identity is an equation.
 */
export interface Identity {
  /** Frames seen before the flow table was read. */
  readonly seenBefore: bigint;
  /** Frames seen after everything was read. */
  readonly seenAfter: bigint;
  /** Packets in the rows of the flow table, and in rows that went; where packets are sampled, those that were. */
  readonly accounted: bigint;
  /** Frames that belong to no connection by rule: ARP, other EtherTypes, malformed… */
  readonly unattributed: bigint;
  /** Packets for which the flow table had no place. */
  readonly overflow: bigint;
  /** Packets that were left out of the sample. */
  readonly sampledOut: bigint;
  /** Of those four, frames that were not counted as dropped where they were put into the account. */
  readonly passed: bigint;
  /** Frames that were dropped, as counted where that was decided. */
  readonly dropped: DropsByCause;
  /** Nothing was lost and nothing was counted twice, and as many frames were dropped as connections and the other three lack. */
  readonly holds: boolean;
  /** No packet came during the reading, so `holds` speaks of an equation and not of bounds. */
  readonly exact: boolean;
}

/** Frames that were dropped, by what decided. */
export interface DropsByCause {
  readonly byRule: bigint;
  /** Above the rate of a limit. */
  readonly byLimit: bigint;
  /** No rule decided, and the default drops. */
  readonly byDefault: bigint;
}
