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
 * @param milliseconds how long to wait for another process
 * @returns undefined when that had it for longer
 * @throws {KernelError} `WEIR_NOT_FOUND`, `WEIR_PERMISSION`
 * @see flock(2)
 */
export function lockDirectory(path: string, milliseconds: number): FileDescriptor | undefined {
  using stack = new DisposableStack();
  const directory = stack.use(openPath(path, path));
  const end = performance.now() + milliseconds;
  for (;;) {
    const errno = -nativeCalls().flock(directory.number, LOCK_EX | LOCK_NB);
    if (errno <= 0) break;
    if (errno !== ERRNO.EWOULDBLOCK) throw systemError("flock", path, errno);
    if (performance.now() > end) return undefined;
    pause(PAUSE);
  }
  stack.move();
  return directory;
}
