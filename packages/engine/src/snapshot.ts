import type { Fallback } from "@weir/kernel";
import type { Connection, Rates } from "./connection.ts";
import type { Counters } from "./counters.ts";
import type { Identity } from "./identity.ts";
import type { AttachedMode } from "./mode.ts";
import type { ListedRules } from "./rules/list-rules.ts";
import type { Sampling, StandardError } from "./sampling.ts";
import type { Steering } from "./steering.ts";

/** Connections that are not listed any more because they were idle; their numbers stay in the totals. */
export interface Evicted {
  readonly connections: bigint;
  readonly packets: bigint;
  readonly bytes: bigint;
  /** There where packets are sampled, so that both are estimates. */
  readonly standardError?: StandardError;
}

/** Packets, and the bytes of their frames. */
export interface Traffic {
  readonly packets: bigint;
  readonly bytes: bigint;
}

/** What the kernel measured of a program while statistics were on. */
export interface ProgramCost {
  readonly runs: bigint;
  readonly nanoseconds: bigint;
}

/** What earlier interfaces of the same name had while they were watched; a snapshot's other numbers are without it. */
export interface EarlierCounts {
  /** How many there were. */
  readonly interfaces: number;
  /** Frames. */
  readonly packets: bigint;
  readonly bytes: bigint;
}

/** What a monitor has counted on one interface, at one moment. */
export interface Snapshot {
  readonly interface: string;
  readonly mode: AttachedMode;
  /** Why not `"drv"` although the mode was `"auto"`; undefined also for a pinned monitor, which forgets it. */
  readonly fallback: Fallback | undefined;
  /** False in the last snapshot of an interface that was removed while it was watched, or whose target was. */
  readonly attached: boolean;
  /** When the reading began: what came before is in it. */
  readonly time: Date;
  /** Since attach. */
  readonly seconds: number;
  readonly counters: Counters;
  readonly rates: Rates;
  /** Undefined where everything is counted in connections. */
  readonly sampling: Sampling | undefined;
  /** Sorted and limited as asked for. */
  readonly connections: readonly (Connection & Rates)[];
  /** How many connections there are, also those beyond the limit; those of which nothing was sampled are not among them. */
  readonly tracked: number;
  /** How many connections the table is made for, per IP version and CPU. */
  readonly capacity: number;
  /** What all connections had together: those beyond the limit and those that are not in the table any more, too. */
  readonly connectionTotals: Traffic;
  readonly evicted: Evicted;
  readonly identity: Identity;
  /** Undefined unless the monitor was made with `statistics`. */
  readonly program: ProgramCost | undefined;
  /** What a balancer has done with the frames; undefined where nothing is balanced. */
  readonly steering?: Steering;
  /** Of a pinned monitor that has rules. */
  readonly rules?: ListedRules;
  /** There when the interface is followed, and was removed and made again. */
  readonly earlier?: EarlierCounts;
}
