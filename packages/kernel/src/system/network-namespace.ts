import { statSync } from "node:fs";
import type { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { openPath } from "../descriptors/open-path.ts";
import { systemError } from "../errors/system-error.ts";
import { nativeCalls } from "../native/current-calls.ts";
import { CLONE_NEWNET } from "../uapi/macros.ts";

const CURRENT = "/proc/thread-self/ns/net";

/**
 * Runs a function with this thread in another network namespace, and comes back. What the function opens there stays in
 * that namespace: links, attachments, sockets.
 *
 * @example
 * ```ts
 * const link = inNetworkNamespace("/run/netns/left", () => attachXdp({ interface: "veth0", program }));
 * ```
 * @throws {KernelError} `WEIR_NOT_FOUND`, `WEIR_PERMISSION`
 */
export function inNetworkNamespace<Result>(path: string, act: () => Result): Result {
  using before = openNamespace(CURRENT);
  using there = openNamespace(path);
  enter(there);
  try {
    return act();
  } finally {
    enter(before);
  }
}

/**
 * The network namespace that this process was in when this was made, for what has to be done there later, whatever namespace the
 * process is in by then.
 *
 * @example
 * ```ts
 * using home = new HomeNamespace();
 * home.run(() => interfaces());
 * ```
 */
export class HomeNamespace implements Disposable {
  readonly #descriptor = openNamespace(CURRENT);
  readonly #identity = identityOf(CURRENT);

  /** Runs a function there, and comes back. */
  run<Result>(act: () => Result): Result {
    // Entering a namespace takes CAP_SYS_ADMIN, even the one that the process is in, as it nearly always is.
    if (identityOf(CURRENT) === this.#identity) return act();
    return inNetworkNamespace(`/proc/self/fd/${this.#descriptor.number}`, act);
  }

  [Symbol.dispose](): void {
    this.#descriptor[Symbol.dispose]();
  }
}

/** Which namespace a file stands for. */
function identityOf(path: string): string {
  const { dev, ino } = statSync(path);
  return `${dev}:${ino}`;
}

function openNamespace(path: string): FileDescriptor {
  return openPath(path, `network namespace ${path}`);
}

function enter(namespace: FileDescriptor): void {
  const result = nativeCalls().setns(namespace.number, CLONE_NEWNET);
  if (result < 0) throw systemError("setns", namespace.what, -result);
}
