import type { Tally, TrialResult } from "@weir/rules";
import type { Connection } from "../connection.ts";
import type { CutOff } from "../rules/guard.ts";
import type { SshSession } from "../rules/ssh-session.ts";

/** One direction of a connection, and what of it rules would drop. */
export interface DroppedConnection
  extends Pick<Connection, "protocol" | "source" | "sourcePort" | "destination" | "destinationPort" | "kind">,
    Tally {}

/** What became of the frames of a session. */
export interface SessionEffect extends SshSession {
  /** Those that came in. */
  readonly frames: number;
  readonly dropped: number;
}

/** What rules would do with frames. */
export interface RulesEffect extends TrialResult {
  /** Those that the rules were tried on. */
  readonly frames: number;
  /** Dropped frames of all, from 0 to 1; 0 where there was none. */
  readonly share: number;
  /** What a machine needs to be reached, and would not get: whether or not such a frame came in. */
  readonly cutOff: readonly CutOff[];
  /** Of the session that was asked for. */
  readonly session: SessionEffect | undefined;
  /** Those of which most frames would be dropped, at most ten. */
  readonly connections: readonly DroppedConnection[];
  /** Frames that would be dropped of other connections, or of none. */
  readonly otherDropped: Tally;
  /** Against the rules that are there; undefined where there are none. */
  readonly change: EffectChange | undefined;
}

/** What becomes of frames otherwise than now. */
export interface EffectChange {
  readonly newlyDropped: Tally;
  readonly noLongerDropped: Tally;
}
