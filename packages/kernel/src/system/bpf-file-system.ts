import { mkdirSync, readFileSync } from "node:fs";
import { systemError } from "../errors/system-error.ts";
import { arena } from "../memory/arena.ts";
import { nativeCalls } from "../native/current-calls.ts";

/** Where systemd mounts the BPF file system, and where tools look for it. */
export const BPF_FILE_SYSTEM = "/sys/fs/bpf";

/** Whether a BPF file system is mounted at a path: only there can maps, programs and links be pinned. */
export function isBpfFileSystem(
  path: string = BPF_FILE_SYSTEM,
  mounts = readFileSync("/proc/self/mounts", "utf8"),
): boolean {
  // The last mount at a path hides those before it. The kernel writes spaces in paths as \040.
  const wanted = path.replaceAll(" ", "\\040");
  const last = mounts
    .split("\n")
    .map((line) => line.split(" "))
    .findLast(([, place]) => place === wanted);
  return last?.[2] === "bpf";
}

/**
 * Mounts a BPF file system, as `mount -t bpf bpf PATH` does, unless one is there.
 *
 * @throws {KernelError} `WEIR_PERMISSION`
 */
export function mountBpfFileSystem(path: string = BPF_FILE_SYSTEM): void {
  if (isBpfFileSystem(path)) return;
  mkdirSync(path, { recursive: true });
  using type = arena().text("bpf");
  using target = arena().text(path);
  const result = nativeCalls().mount(type.address, target.address, type.address);
  if (result < 0) {
    throw systemError("mount", `BPF file system at ${path}`, -result, {
      advice: [`By hand: mount -t bpf bpf ${path}`],
    });
  }
}
