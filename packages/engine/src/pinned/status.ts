import type { PinnedMonitor, PinProblem, StalePins, Status, UnreadableMonitor } from "../pinned-monitor.ts";
import { isReadable, monitorAt } from "./opened-monitor.ts";
import { directoriesIn, namespaceDirectory, parsePlace, pinRoot } from "./pin-place.ts";
import { problemWith } from "./pin-problem.ts";
import { removeIfEmpty } from "./removal.ts";
import { removeReplaced } from "./replaced-pins.ts";
import { removeIfStale } from "./stale-pins.ts";

/**
 * The pinned monitors of this network namespace. What is left of monitors whose interface is gone is removed on the way, in
 * other namespaces too, and so is what a replacement left that was killed. What is wrong with one directory does not hide the others.
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
  const problems: PinProblem[] = [];
  const list = (directory: string) => {
    const place = parsePlace(directory);
    const monitor = place && monitorAt(place);
    if (place === undefined || monitor === undefined) return;
    if (!isReadable(monitor)) return void unreadable.push(monitor);
    attached.push(monitor);
    removeReplaced(place);
  };
  for (const namespace of directoriesIn(pinRoot())) {
    for (const directory of directoriesIn(namespace)) {
      const problem = problemWith(directory, () => {
        const stale = removeIfStale(directory);
        if (stale !== undefined) removed.push(stale);
        else if (namespace === namespaceDirectory()) list(directory);
      });
      if (problem !== undefined) problems.push(problem);
    }
    removeIfEmpty(namespace);
  }
  return { attached, unreadable, removed, problems };
}
