import { readdirSync, rmdirSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { EngineError } from "../errors.ts";
import type { PinProblem } from "../pinned-monitor.ts";
import { pathOutside } from "./bpf-file-system.ts";
import { permitted } from "./permission.ts";
import { directoriesIn, namespaceDirectory, type PinPlace } from "./pin-place.ts";
import { problemWith } from "./pin-problem.ts";
import { takeOff } from "./pinned-attachment.ts";
import { abandonedAt } from "./work-directory.ts";

/** Detaches what the pins in a directory keep attached, and removes them. For whoever has the directory's lock. */
export function remove({ directory, index }: Omit<PinPlace, "name">): void {
  takeOff(directory, index);
  try {
    permitted(directory, () => removePins(directory));
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new EngineError(
      "WEIR_KERNEL",
      `the pins in ${pathOutside(directory)} could not be removed: ${error.message}\n` +
        "  Nothing counts there any more. Take away what is in the way; weir status removes the rest.",
      { cause: error },
    );
  }
  removeIfEmpty(dirname(directory));
}

/** Detaches and removes what processes of this network namespace have left that were killed; gives what it could not remove. */
export function removeAbandoned(): PinProblem[] {
  return directoriesIn(namespaceDirectory()).flatMap((directory) => {
    const problem = problemWith(directory, () => {
      using abandoned = abandonedAt(directory);
      if (abandoned !== undefined) remove(abandoned);
    });
    return problem ?? [];
  });
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
