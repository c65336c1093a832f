import { systemError } from "../errors/system-error.ts";
import { arena } from "../memory/arena.ts";
import { nativeCalls } from "../native/current-calls.ts";
import { O_CLOEXEC, O_RDONLY } from "../uapi/macros.ts";
import { FileDescriptor } from "./file-descriptor.ts";

/** Opens a file or directory for its descriptor. @throws {KernelError} */
export function openPath(path: string, what: string): FileDescriptor {
  using pathname = arena().text(path);
  const number = nativeCalls().open(pathname.address, O_RDONLY | O_CLOEXEC);
  if (number < 0) throw systemError("open", what, -number);
  return new FileDescriptor(number, what);
}
