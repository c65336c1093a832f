import { readFileSync, readlinkSync } from "node:fs";
import { BPF_FILE_SYSTEM, isBpfFileSystem, mountBpfFileSystem } from "@weir/kernel";
import { EngineError } from "../errors.ts";

/**
 * Where pins are found again by others. `ip netns exec` gives a command mounts of its own, in which `/sys/fs/bpf` is an
 * empty folder, and what is mounted there goes with the command: then it is the folder that whoever started it sees.
 */
export function bpfFileSystem(): string {
  if (isBpfFileSystem()) return BPF_FILE_SYSTEM;
  const outside = ancestorWithOtherMounts();
  return outside === undefined ? BPF_FILE_SYSTEM : `/proc/${outside}/root${BPF_FILE_SYSTEM}`;
}

/** A path of `pathOutside` as this process reaches it. */
export function pathInside(path: string): string {
  return bpfFileSystem() + path.slice(BPF_FILE_SYSTEM.length);
}

/** A path in it as whoever started `ip netns exec` knows it. */
export function pathOutside(path: string): string {
  return path.replace(/^\/proc\/\d+\/root(?=\/)/, "");
}

/** Mounts the BPF file system where nobody has yet; systemd does it at boot, containers often lack it. */
export function ensureBpfFileSystem(): void {
  const outside = isBpfFileSystem() ? undefined : ancestorWithOtherMounts();
  if (outside === undefined) {
    mountBpfFileSystem();
  } else if (!isBpfFileSystem(BPF_FILE_SYSTEM, `/proc/${outside}/mounts`)) {
    throw new EngineError(
      "WEIR_KERNEL",
      `there is no BPF file system at ${BPF_FILE_SYSTEM}, and one mounted in here would end with this command, which has ` +
        "mounts of its own\n" +
        `  Outside, as root: mount -t bpf bpf ${BPF_FILE_SYSTEM}. Or enter the network alone: nsenter --net=/run/netns/NAME`,
    );
  }
}

/** The nearest process above this one that has other mounts, as far as this process may know. */
function ancestorWithOtherMounts(): number | undefined {
  const own = mountsOf(process.pid);
  for (let id = process.ppid; id > 0; id = parentOf(id)) {
    const mounts = mountsOf(id);
    if (mounts === undefined) return undefined;
    if (mounts !== own) return id;
  }
  return undefined;
}

/** What identifies the mounts of a process; undefined when that is not for this one to know. */
function mountsOf(id: number): string | undefined {
  try {
    return readlinkSync(`/proc/${id}/ns/mnt`);
  } catch {
    // Ended meanwhile, or more privileged than this one.
    return undefined;
  }
}

function parentOf(id: number): number {
  return Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1] ?? 0);
}
