import { lockDirectory } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import { pathOutside } from "./bpf-file-system.ts";
import { pinRoot } from "./pin-place.ts";

/** Milliseconds to wait for another process: a replacement takes some tens of them. */
const PATIENCE = 10_000;

/** Has the pins of replaced programs for this process alone, as long as this lives. @throws {EngineError} `WEIR_BUSY` */
export function lockPins(): Disposable {
  const lock = tryLockPins(PATIENCE);
  if (lock !== undefined) return lock;
  throw new EngineError(
    "WEIR_BUSY",
    `another process of weir is at work in ${pathOutside(pinRoot())} and has not ended for ${PATIENCE / 1000} s\n` +
      "  See which: weir attach, weir status or weir detach. Try again when it has ended.",
  );
}

/** The same; undefined when another process has them for longer than so many milliseconds. */
export function tryLockPins(milliseconds: number): Disposable | undefined {
  return lockDirectory(pinRoot(), milliseconds);
}
