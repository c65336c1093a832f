import { EngineError } from "../errors.ts";
import type { PinnedMonitor, StalePins, UnreadableMonitor } from "../pinned-monitor.ts";
import { pathOutside } from "./bpf-file-system.ts";
import { findPinned } from "./find-pinned.ts";
import { monitorAt } from "./opened-monitor.ts";
import { lockPins } from "./pin-lock.ts";
import type { PinPlace } from "./pin-place.ts";
import { isAttached } from "./pinned-attachment.ts";
import { remove } from "./removal.ts";
import { removeIfStale } from "./stale-pins.ts";

/**
 * Takes a pinned monitor off an interface and removes its pins, whichever version of weir made them.
 *
 * @example
 * ```ts
 * detach("eth0");
 * ```
 * @returns what it was; stale pins when the interface was gone already, or is in another network namespace
 * @throws {EngineError} `WEIR_NOT_ATTACHED`
 * @throws {KernelError} `WEIR_NO_INTERFACE`, `WEIR_PERMISSION`
 */
export function detach(name: string): PinnedMonitor | UnreadableMonitor | StalePins {
  let found = findPinned(name);
  if (found.kind === "stale") {
    const removed = removeIfStale(found.place.directory);
    if (removed !== undefined) return removed;
    // A process that was attaching it may have done so meanwhile.
    found = findPinned(name);
  }
  // What is being replaced is taken off when that is done.
  using lock = lockPins(found.place);
  // While it was waited for, that one may have gone and another one have come.
  const monitor = lock && found.kind === "attached" ? monitorAt(found.place) : undefined;
  if (monitor !== undefined) {
    remove(found.place);
    return monitor;
  }
  if (lock !== undefined && found.kind === "stale" && isAttached(found.place)) return removeMoved(found.place);
  throw new EngineError("WEIR_NOT_ATTACHED", `weir is not attached to ${name}: another process took it off just now`);
}

/** A link goes with its interface to another network namespace, where nobody finds it by these pins. */
function removeMoved(place: PinPlace): StalePins {
  remove(place);
  const { name, index, directory } = place;
  const reason = `interface ${name} is in another network namespace, and the program was taken off it there`;
  return { interface: name, index, directory: pathOutside(directory), reason };
}
