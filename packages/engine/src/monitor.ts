import type { Fallback } from "@weir/kernel";
import type { Shared } from "./dispatcher/seat.ts";
import type { EngineError } from "./errors.ts";
import type { AttachedMode } from "./mode.ts";
import type { ListOptions } from "./options.ts";
import type { Snapshot } from "./snapshot.ts";

/** An interface that a monitor is attached to. */
export interface WatchedInterface {
  readonly name: string;
  readonly index: number;
  readonly mode: AttachedMode;
  /** Why `"auto"` did not become `"drv"`; undefined when it did, or when the mode was asked for. */
  readonly fallback: Fallback | undefined;
  readonly programId: number;
  /** The other programs on the interface, as they were when it was attached; undefined where it is the only one. */
  readonly shared: Shared | undefined;
  /** Why `statistics` are not on although they were asked for, in the kernel's words. */
  readonly statisticsRefused: string | undefined;
  /** What may go wrong here, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * A monitor on one or several interfaces. It is detached when it is closed, when an iteration over it ends, and when the
 * process ends in whatever way.
 */
export interface Monitor extends AsyncIterable<readonly Snapshot[]>, Disposable {
  /** In the order given to `watch`; with `follow` those that are there now, and at the end those that patterns found. */
  readonly interfaces: readonly WatchedInterface[];
  /** Whether the program still is on all of them; asked of the kernel without reading anything. */
  readonly attached: boolean;
  /** One error with code `WEIR_INTERFACE_REMOVED` for each interface that was removed meanwhile, and is not back. */
  readonly removed: readonly EngineError[];
  /** With `follow`, names and patterns for which there is no interface now: it is watched as soon as there is one. */
  readonly awaited: readonly string[];
  /**
   * Reads now; one snapshot for each interface that is still there. The rates of the next one begin here.
   *
   * @param list which connections, where that shall not be as `watch` was told
   */
  snapshot(list?: ListOptions): readonly Snapshot[];
  /** Reads now, for whoever asks in between: the rates are those since the last `snapshot`, and the next one has them as well. */
  peek(list?: ListOptions): readonly Snapshot[];
  /** Detaches. Closing twice is harmless. */
  close(): void;
}
