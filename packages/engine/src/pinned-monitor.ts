import type { Fallback } from "@weir/kernel";
import type { AttachedMode } from "./mode.ts";

/** A monitor that outlives the process that attached it: its link, program and maps are pinned in bpffs. */
export interface PinnedMonitor {
  /** The interface's name now; it may have been another at attach. */
  readonly interface: string;
  readonly index: number;
  readonly mode: AttachedMode;
  /** Why `"auto"` did not become `"drv"`; undefined when it did, when a mode was asked for, or when that was long ago. */
  readonly fallback: Fallback | undefined;
  readonly programId: number;
  /** The directory with the pins. */
  readonly directory: string;
  /** Seconds since it was attached. */
  readonly seconds: number;
  readonly capacity: number;
  /** Seconds; 0 is never. */
  readonly idle: number;
  /** What is sampled, as the option `sample` has it; undefined where everything is counted. */
  readonly sample: string | undefined;
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

/** What `status` found; the stale pins are removed by then. */
export interface Status {
  readonly attached: readonly PinnedMonitor[];
  readonly removed: readonly StalePins[];
}
