import type { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { openPath } from "../descriptors/open-path.ts";
import { systemError } from "../errors/system-error.ts";
import { nativeCalls } from "../native/current-calls.ts";
import { CLONE_NEWNET } from "../uapi/macros.ts";

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
  using before = openNamespace("/proc/thread-self/ns/net");
  using there = openNamespace(path);
  enter(there);
  try {
    return act();
  } finally {
    enter(before);
  }
}

function openNamespace(path: string): FileDescriptor {
  return openPath(path, `network namespace ${path}`);
}

function enter(namespace: FileDescriptor): void {
  const result = nativeCalls().setns(namespace.number, CLONE_NEWNET);
  if (result < 0) throw systemError("setns", namespace.what, -result);
}
