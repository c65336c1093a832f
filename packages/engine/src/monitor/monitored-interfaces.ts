import type { EngineError } from "../errors.ts";
import type { WatchedInterface } from "../monitor.ts";
import type { Snapshot } from "../snapshot.ts";
import type { InterfaceMonitor } from "./interface-monitor.ts";

/** Makes a snapshot of a monitor. */
export type ReadMonitor = (monitor: InterfaceMonitor) => Snapshot;

/** The interfaces that are read together, round after round. Their disposal detaches. */
export interface MonitoredInterfaces extends Disposable {
  /** Those that are attached, in the order in which they are shown. */
  readonly monitors: readonly InterfaceMonitor[];
  /** What is told of them; where they are given once, of those that have gone, too. */
  readonly subjects: readonly WatchedInterface[];
  /** Whether the program still is on all that it shall be on. */
  readonly attached: boolean;
  /** An error for each interface that was removed, or that the program was taken off, and that is not watched again. */
  readonly removed: readonly EngineError[];
  /** Names and patterns for which there is no interface now, but may be one later. */
  readonly awaited: readonly string[];
  /** Whether none is left, and none can come. */
  readonly isOver: boolean;
  /** Reads all, and those that have gone since the last time once more. */
  snapshots(read: ReadMonitor): Snapshot[];
  /** Reads those that are attached, for whoever asks in between. */
  peek(read: ReadMonitor): Snapshot[];
}
