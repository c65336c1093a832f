import { FileDescriptor } from "../descriptors/file-descriptor.ts";
import type { KernelError } from "../errors/kernel-error.ts";
import { systemError } from "../errors/system-error.ts";
import { arena } from "../memory/arena.ts";
import { nativeCalls } from "../native/current-calls.ts";
import { FSCONFIG_CMD_CREATE, FSMOUNT_CLOEXEC, FSOPEN_CLOEXEC } from "../uapi/macros.ts";

/** The tracing file system, mounted nowhere: it is there whether somebody has mounted it or not, until it is disposed. */
export class TracingFileSystem implements Disposable {
  readonly #descriptor: FileDescriptor;

  /** Since Linux 5.2. @throws {KernelError} `WEIR_PERMISSION` without CAP_SYS_ADMIN */
  constructor() {
    const { fsopen, fsconfig, fsmount } = nativeCalls();
    using type = arena().text("tracefs");
    const context = fsopen(type.address, FSOPEN_CLOEXEC);
    if (context < 0) throw refused("fsopen", -context);
    using descriptor = new FileDescriptor(context, "tracefs");
    const created = fsconfig(descriptor.number, FSCONFIG_CMD_CREATE);
    if (created < 0) throw refused("fsconfig", -created);
    const mounted = fsmount(descriptor.number, FSMOUNT_CLOEXEC);
    if (mounted < 0) throw refused("fsmount", -mounted);
    this.#descriptor = new FileDescriptor(mounted, "tracefs");
  }

  /** The path of a file in it, for this process. */
  path(name: string): string {
    return `/proc/self/fd/${this.#descriptor.number}/${name}`;
  }

  [Symbol.dispose](): void {
    this.#descriptor[Symbol.dispose]();
  }
}

function refused(attempted: string, errno: number): KernelError {
  return systemError(attempted, "the tracing file system", errno, {
    advice: ["It needs root, and a kernel that is built with CONFIG_TRACING."],
  });
}
