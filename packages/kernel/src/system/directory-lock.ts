import { fstatSync, statSync } from "node:fs";
import type { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { openPath } from "../descriptors/open-path.ts";
import { ERRNO } from "../errors/errno.ts";
import { systemError } from "../errors/system-error.ts";
import { nativeCalls } from "../native/current-calls.ts";
import { LOCK_EX, LOCK_NB } from "../uapi/macros.ts";
import { pause } from "./pause.ts";

/** Milliseconds from one attempt to the next. */
const PAUSE = 5;

/**
 * Locks a directory, so that processes that work on what is in it do so one after the other. The kernel takes the lock back when
 * the process ends, however it ends.
 *
 * @example
 * ```ts
 * using lock = lockDirectory("/sys/fs/bpf/weir", 10_000);
 * if (lock === undefined) throw new Error("another process is at work in it");
 * ```
 * @param milliseconds how long to wait for another process; 0: not at all
 * @returns undefined when that had it for longer
 * @throws {KernelError} `WEIR_NOT_FOUND`, also when that process removed the directory; `WEIR_PERMISSION`
 * @see flock(2)
 */
export function lockDirectory(path: string, milliseconds: number): FileDescriptor | undefined {
  const end = performance.now() + milliseconds;
  for (;;) {
    using stack = new DisposableStack();
    const directory = stack.use(openPath(path, path));
    if (!locks(directory, end)) return undefined;
    // Whoever had the lock before may have removed the directory, or moved it, and another may be in its place.
    if (!isAt(path, directory)) continue;
    stack.move();
    return directory;
  }
}

/** Waits for the lock of an open directory; false when another process had it until the end. */
function locks(directory: FileDescriptor, end: number): boolean {
  for (;;) {
    const errno = -nativeCalls().flock(directory.number, LOCK_EX | LOCK_NB);
    if (errno <= 0) return true;
    if (errno !== ERRNO.EWOULDBLOCK) throw systemError("flock", directory.what, errno);
    if (performance.now() >= end) return false;
    pause(PAUSE);
  }
}

/** Whether an open directory is the one that a path leads to. */
function isAt(path: string, directory: FileDescriptor): boolean {
  const [locked, present] = [fstatSync(directory.number), statSync(path, { throwIfNoEntry: false })];
  return present?.ino === locked.ino && present.dev === locked.dev;
}
