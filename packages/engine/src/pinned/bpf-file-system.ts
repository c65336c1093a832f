import { spawnSync } from "node:child_process";
import { existsSync, statfsSync } from "node:fs";
import { EngineError } from "../errors.ts";

export const BPF_FILE_SYSTEM = "/sys/fs/bpf";

/** `BPF_FS_MAGIC` of linux/magic.h. */
const MAGIC = 0xcafe_4a11;

/** Two mounts, one over the other, would hide the pins of the first: so whoever mounts holds a lock. */
const MOUNT = `mountpoint -q ${BPF_FILE_SYSTEM} || mount -t bpf bpf ${BPF_FILE_SYSTEM}`;

/** Mounts the BPF file system where nobody has yet; systemd does it at boot, containers often lack it. */
export function ensureBpfFileSystem(): void {
  if (isMounted()) return;
  const { stderr, error } = spawnSync("flock", [BPF_FILE_SYSTEM, "sh", "-c", MOUNT], { encoding: "utf8" });
  if (isMounted()) return;
  const reason = error?.message ?? stderr.trim();
  throw new EngineError(
    "WEIR_KERNEL",
    `there is no BPF file system at ${BPF_FILE_SYSTEM}, and it cannot be mounted: ${reason}\n` +
      `  What outlives a process is kept there. As root: mount -t bpf bpf ${BPF_FILE_SYSTEM}`,
  );
}

function isMounted(): boolean {
  return existsSync(BPF_FILE_SYSTEM) && statfsSync(BPF_FILE_SYSTEM).type === MAGIC;
}
