import { readdirSync, rmdirSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { directoriesIn, namespaceDirectory, type PinPlace } from "./pin-place.ts";
import { takeOff } from "./pinned-attachment.ts";
import { abandonedAt } from "./work-directory.ts";

/** Detaches what the pins in a directory keep attached, and removes them. For whoever has the directory's lock. */
export function remove({ directory, index }: Omit<PinPlace, "name">): void {
  takeOff(directory, index);
  removePins(directory);
  removeIfEmpty(dirname(directory));
}

/** Detaches and removes what processes of this network namespace have left that were killed. */
export function removeAbandoned(): void {
  for (const directory of directoriesIn(namespaceDirectory())) {
    using abandoned = abandonedAt(directory);
    if (abandoned !== undefined) remove(abandoned);
  }
}

/** Removes a directory with all pins and directories in it. */
export function removePins(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) removePins(path);
    else unlinkSync(path);
  }
  rmdirSync(directory);
}

/** Removes the directory of a namespace that has no monitors any more. */
export function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // Not empty, or gone already.
  }
}
