import type { PinnedMonitor, StalePins, Status, UnreadableMonitor } from "../pinned-monitor.ts";
import { isReadable, monitorAt } from "./opened-monitor.ts";
import { directoriesIn, namespaceDirectory, parsePlace, pinRoot } from "./pin-place.ts";
import { removeIfEmpty } from "./removal.ts";
import { removeReplaced } from "./replaced-pins.ts";
import { removeIfStale } from "./stale-pins.ts";

/**
 * The pinned monitors of this network namespace. What is left of monitors whose interface is gone is removed on the way, in
 * other namespaces too, and so is what a replacement left that was killed.
 *
 * @example
 * ```ts
 * for (const { interface: name, mode, seconds } of status().attached) console.log(name, mode, seconds);
 * ```
 * @throws {KernelError} `WEIR_PERMISSION`
 */
export function status(): Status {
  const removed: StalePins[] = [];
  const attached: PinnedMonitor[] = [];
  const unreadable: UnreadableMonitor[] = [];
  for (const namespace of directoriesIn(pinRoot())) {
    for (const directory of directoriesIn(namespace)) {
      const stale = removedFrom(namespace, directory);
      if (stale !== undefined) removed.push(stale);
    }
    removeIfEmpty(namespace);
  }
  for (const directory of directoriesIn(namespaceDirectory())) {
    const place = parsePlace(directory);
    const monitor = place && monitorAt(place);
    if (place === undefined || monitor === undefined) continue;
    if (isReadable(monitor)) {
      removeReplaced(place);
      attached.push(monitor);
    } else unreadable.push(monitor);
  }
  return { attached, unreadable, removed };
}

/** What is in another network namespace is removed as a favour: where that fails, somebody there is at work, or will be told. */
function removedFrom(namespace: string, directory: string): StalePins | undefined {
  try {
    return removeIfStale(directory);
  } catch (error) {
    const isSystemError = error instanceof Error && "syscall" in error;
    if (namespace !== namespaceDirectory() && isSystemError) return undefined;
    throw error;
  }
}
