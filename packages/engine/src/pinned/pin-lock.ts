import { lockDirectory } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import { ifFound } from "../if-found.ts";
import { namespaceDirectory, type PinPlace } from "./pin-place.ts";

/** Milliseconds to wait for another process: a replacement takes some tens of them. */
const PATIENCE = 10_000;

/**
 * Has the pins of a monitor for this process alone, as long as this lives; undefined when they are gone.
 *
 * @throws {EngineError} `WEIR_BUSY` when another process has had them for long
 */
export function lockPins({ directory, name }: PinPlace): Disposable | undefined {
  const lock = ifFound(() => ({ held: lockDirectory(directory, PATIENCE) }));
  if (lock === undefined || lock.held !== undefined) return lock?.held;
  throw new EngineError(
    "WEIR_BUSY",
    `another process is at work on the monitor on ${name}, and has not ended for ${PATIENCE / 1000} s\n` +
      `  See which process that is: fuser --verbose ${directory}. Try again when it has ended.`,
  );
}

/** Keeps others from pinning a monitor in this network namespace, as long as this lives. @throws {EngineError} `WEIR_BUSY` */
export function lockNamespace(): Disposable {
  const lock = lockDirectory(namespaceDirectory(), PATIENCE);
  if (lock !== undefined) return lock;
  throw new EngineError(
    "WEIR_BUSY",
    `another process has been attaching for ${PATIENCE / 1000} s: try again when it has ended`,
  );
}
