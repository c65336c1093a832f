import type { Snapshot } from "@weir/engine";

/** Shows what a watch finds. */
export interface WatchReporter {
  /** `first` reads the interfaces now, for those who want to show something before the first interval is over. */
  begin(first: () => readonly Snapshot[]): Promise<void>;
  /** @param awaited names and patterns for which there is no interface now */
  show(snapshots: readonly Snapshot[], awaited?: readonly string[]): Promise<void>;
  /** Tells of something that happened meanwhile, a line, where those look who watch. */
  tell(line: string): void;
  /** Leaves the terminal as it was; called also after a failure. */
  end(): Promise<void>;
}
