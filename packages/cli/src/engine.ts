import type {
  AttachOptions,
  Identity,
  ListOptions,
  Monitor,
  PinnedMonitor,
  Replay,
  ReplayOptions,
  Snapshot,
  Status,
  WatchOptions,
} from "@weir/engine";

/** The part of the engine that the commands use. */
export interface Engine {
  watch(interfaces: readonly string[], options: WatchOptions): Monitor;
  attach(name: string, options: AttachOptions): PinnedMonitor;
  status(): Status;
  stats(name: string, options: ListOptions): Snapshot;
  detach(name: string): void;
  check(name: string): Identity;
  replay(file: string, options: ReplayOptions): Promise<Replay>;
}
