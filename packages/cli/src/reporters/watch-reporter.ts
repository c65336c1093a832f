import type { Snapshot } from "@weir/engine";

/** Shows what a watch finds. */
export interface WatchReporter {
  /** `first` reads the interfaces now, for those who want to show something before the first interval is over. */
  begin(first: () => readonly Snapshot[]): Promise<void>;
  show(snapshots: readonly Snapshot[]): Promise<void>;
  /** Leaves the terminal as it was; called also after a failure. */
  end(): Promise<void>;
}
