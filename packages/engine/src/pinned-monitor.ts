import type { Fallback } from "@weir/kernel";
import type { Shared } from "./dispatcher/seat.ts";
import type { AttachedMode } from "./mode.ts";

/** What every version of weir can tell of a pinned monitor. */
interface PinnedProgram {
  /** The interface's name now; it may have been another at attach. */
  readonly interface: string;
  readonly index: number;
  readonly mode: AttachedMode;
  /** How it is attached: by a link that is pinned, by netlink, which needs none, or as one of the programs of a dispatcher. */
  readonly by: "link" | "netlink" | "dispatcher";
  readonly programId: number;
  /** The directory with the pins. */
  readonly directory: string;
}

/** A monitor that outlives the process that attached it: its link, program and maps are pinned in bpffs. */
export interface PinnedMonitor extends PinnedProgram {
  /** Why `"auto"` did not become `"drv"`; undefined when it did, when a mode was asked for, or when that was long ago. */
  readonly fallback: Fallback | undefined;
  /** Seconds since it was attached; a replacement of its program does not begin anew. */
  readonly seconds: number;
  readonly capacity: number;
  /** Seconds; 0 is never. */
  readonly idle: number;
  /** What is sampled, as the option `sample` has it; undefined where everything is counted. */
  readonly sample: string | undefined;
  /** The programs on the interface, of which it is one; undefined where it is the only one. */
  readonly shared: Shared | undefined;
  /** What was in the way when it was attached, and did not keep it from that; undefined where nothing was, or when that was long ago. */
  readonly problems?: readonly PinProblem[];
}

/** A monitor that another version of weir pinned in a form that this one cannot read. `detach` takes it off all the same. */
export interface UnreadableMonitor extends PinnedProgram {
  /** The version of its settings; undefined where it has none at the place where they are looked for. */
  readonly version: number | undefined;
}

/** Pins of an interface that is gone, or whose program was detached by someone else. They count nothing any more. */
export interface StalePins {
  /** The interface's name at attach. */
  readonly interface: string;
  readonly index: number;
  readonly directory: string;
  /** Why they are stale, as a sentence. */
  readonly reason: string;
}

/** A directory with pins that cannot be looked at, or not be removed although they count nothing any more. */
export interface PinProblem {
  readonly directory: string;
  /** What failed and what to do, as an error says it. */
  readonly reason: string;
}

/** What `status` found; the stale pins are removed by then. */
export interface Status {
  readonly attached: readonly PinnedMonitor[];
  readonly unreadable: readonly UnreadableMonitor[];
  readonly removed: readonly StalePins[];
  readonly problems: readonly PinProblem[];
}
