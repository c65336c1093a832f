import { EngineError } from "../errors.ts";
import type { PinnedMonitor, StalePins, UnreadableMonitor } from "../pinned-monitor.ts";
import { findPinned } from "./find-pinned.ts";
import { lockPins } from "./pin-lock.ts";
import { claim, removeClaimed } from "./removal.ts";
import { removeIfStale } from "./stale-pins.ts";

/**
 * Takes a pinned monitor off an interface and removes its pins, whichever version of weir made them.
 *
 * @example
 * ```ts
 * detach("eth0");
 * ```
 * @returns what it was; stale pins when the interface was gone already
 * @throws {EngineError} `WEIR_NOT_ATTACHED`
 * @throws {KernelError} `WEIR_NO_INTERFACE`, `WEIR_PERMISSION`
 */
export function detach(name: string): PinnedMonitor | UnreadableMonitor | StalePins {
  const found = findPinned(name);
  if (found.kind === "attached") {
    // What is being replaced is taken off when that is done.
    using lock = lockPins(found.place);
    const claimed = lock && claim(found.place);
    if (claimed !== undefined) {
      removeClaimed(claimed);
      return found.monitor;
    }
  } else {
    const removed = removeIfStale(found.place.directory);
    if (removed !== undefined) return removed;
  }
  throw new EngineError("WEIR_NOT_ATTACHED", `weir is not attached to ${name}: another process took it off just now`);
}
