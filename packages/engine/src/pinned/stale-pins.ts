import { dirname } from "node:path";
import { findInterface } from "@weir/kernel";
import type { StalePins } from "../pinned-monitor.ts";
import { pathOutside } from "./bpf-file-system.ts";
import { lockPins } from "./pin-lock.ts";
import { namespaceDirectory, type PinPlace, parsePlace } from "./pin-place.ts";
import { isAttached, programPins } from "./pinned-attachment.ts";
import { remove } from "./removal.ts";
import { abandonedAt } from "./work-directory.ts";

/**
 * Removes a directory when what it is about has ended: its interface is gone, its program was taken off, or the process
 * that worked on it was killed. Gives undefined when none of that is so.
 */
export function removeIfStale(directory: string): StalePins | undefined {
  const place = parsePlace(directory);
  if (place === undefined) {
    // Netlink may have attached the program in another network namespace, where it cannot be taken off from here.
    const isOurs = dirname(directory) === namespaceDirectory() || programPins(directory).length === 0;
    using abandoned = isOurs ? abandonedAt(directory) : undefined;
    if (abandoned !== undefined) remove(abandoned);
    return undefined;
  }
  if (isAttached(place)) return undefined;
  // From another network namespace a replacement by netlink is not seen as one step: so nobody may be at work.
  using lock = lockPins(place);
  if (lock === undefined || isAttached(place)) return undefined;
  remove(place);
  const { name, index } = place;
  return { interface: name, index, directory: pathOutside(directory), reason: reasonOf(place) };
}

function reasonOf({ index, name, directory }: PinPlace): string {
  if (dirname(directory) !== namespaceDirectory()) return `interface ${name} of another network namespace is gone`;
  try {
    findInterface(index);
    return `the program was taken off ${name} by someone else, or attaching or detaching it was not finished`;
  } catch {
    return `interface ${name} is gone`;
  }
}
