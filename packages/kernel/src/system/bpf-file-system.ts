import { mkdirSync, readFileSync } from "node:fs";
import { openPath } from "../descriptors/open-path.ts";
import { systemError } from "../errors/system-error.ts";
import { arena } from "../memory/arena.ts";
import { nativeCalls } from "../native/current-calls.ts";
import { LOCK_EX } from "../uapi/macros.ts";

/** Where systemd mounts the BPF file system, and where tools look for it. */
export const BPF_FILE_SYSTEM = "/sys/fs/bpf";

/**
 * Whether a BPF file system is mounted at a path: only there can maps, programs and links be pinned.
 *
 * @example
 * ```ts
 * if (!isBpfFileSystem()) mountBpfFileSystem();
 * ```
 * @param mounts the file that lists the mounts: those of another process may be others
 */
export function isBpfFileSystem(path: string = BPF_FILE_SYSTEM, mounts = "/proc/self/mounts"): boolean {
  return mountsBpf(path, readFileSync(mounts, "utf8"));
}

/** The same, of the text of such a file. */
export function mountsBpf(path: string, mounts: string): boolean {
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
 * Since Linux 4.4.
 * @throws {KernelError} `WEIR_PERMISSION`
 */
export function mountBpfFileSystem(path: string = BPF_FILE_SYSTEM): void {
  if (isBpfFileSystem(path)) return;
  mkdirSync(path, { recursive: true });
  // Two mounts, one over the other, would hide what is pinned in the first: so whoever mounts holds a lock.
  using directory = openPath(path, path);
  const locked = nativeCalls().flock(directory.number, LOCK_EX);
  if (locked < 0) throw systemError("flock", path, -locked);
  if (isBpfFileSystem(path)) return;
  using type = arena().text("bpf");
  using target = arena().text(path);
  const result = nativeCalls().mount(type.address, target.address, type.address);
  if (result < 0) {
    throw systemError("mount", `BPF file system at ${path}`, -result, {
      advice: [`By hand: mount -t bpf bpf ${path}`],
    });
  }
}
