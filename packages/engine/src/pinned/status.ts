import type { PinnedMonitor, StalePins, Status } from "../pinned-monitor.ts";
import { monitorAt } from "./opened-monitor.ts";
import { directoriesIn, namespaceDirectory, parsePlace, pinRoot } from "./pin-place.ts";
import { removeIfEmpty } from "./removal.ts";
import { removeIfStale } from "./stale-pins.ts";

/**
 * The pinned monitors of this network namespace. What is left of monitors whose interface is gone is removed on the way, in
 * other namespaces too.
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
  for (const namespace of directoriesIn(pinRoot())) {
    for (const directory of directoriesIn(namespace)) {
      const stale = removeIfStale(directory);
      if (stale !== undefined) removed.push(stale);
    }
    removeIfEmpty(namespace);
  }
  for (const directory of directoriesIn(namespaceDirectory())) {
    const place = parsePlace(directory);
    const monitor = place && monitorAt(place);
    if (monitor !== undefined) attached.push(monitor);
  }
  return { attached, removed };
}
