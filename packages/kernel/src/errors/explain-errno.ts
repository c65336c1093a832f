import { permissionAdvice } from "../system/permission-advice.ts";
import { ERRNO } from "./errno.ts";
import type { KernelErrorCode } from "./kernel-error.ts";

/** What an error number means for one command, and what to do. */
export interface Explanation {
  readonly code?: KernelErrorCode;
  readonly advice: readonly string[];
}

type Row = readonly [command: string, errno: number, code: KernelErrorCode | undefined, ...advice: string[]];

const ANY = "*";

/** One row for each meaning that is known; a row for the command wins over a row for any command. */
const TABLE: readonly Row[] = [
  [ANY, ERRNO.ENOSYS, "WEIR_NOT_SUPPORTED", "This kernel has no bpf(2) call: it was built without CONFIG_BPF_SYSCALL."],
  [ANY, ERRNO.ENOMEM, "WEIR_NO_MEMORY", "The kernel found no memory for it, or the cgroup's memory limit is reached."],
  [ANY, ERRNO.EMFILE, undefined, "This process has too many open files; raise the limit with ulimit -n."],
  [
    "BPF_MAP_CREATE",
    ERRNO.EINVAL,
    undefined,
    "The kernel does not know this map type or one of its flags, or a size is out of range.",
  ],
  ["BPF_MAP_CREATE", ERRNO.E2BIG, undefined, "The map would be larger than the kernel can make: lower maxEntries."],
  [
    "BPF_MAP_UPDATE_ELEM",
    ERRNO.E2BIG,
    "WEIR_MAP_FULL",
    "The map is full, or the index is not below maxEntries.",
    "Raise maxEntries, delete entries, or declare it as an LRU map.",
  ],
  ["BPF_MAP_UPDATE_ELEM", ERRNO.ENOSPC, "WEIR_MAP_FULL", "The map is full: raise maxEntries or delete entries."],
  ["BPF_MAP_UPDATE_ELEM", ERRNO.EPERM, undefined, "The map is frozen or was opened for reading only."],
  ["BPF_MAP_DELETE_ELEM", ERRNO.EINVAL, undefined, "Entries of an array cannot be deleted: set them to zero instead."],
  [
    "BPF_OBJ_PIN",
    ERRNO.EINVAL,
    undefined,
    "The path is not in a BPF file system. Mount one: mount -t bpf bpf /sys/fs/bpf",
  ],
  [
    "BPF_OBJ_PIN",
    ERRNO.EPERM,
    undefined,
    "The path is not in a BPF file system. Mount one: mount -t bpf bpf /sys/fs/bpf",
  ],
  ["BPF_OBJ_PIN", ERRNO.EEXIST, undefined, "Something is pinned at this path already: remove it or choose another."],
  ["BPF_OBJ_PIN", ERRNO.ENOENT, undefined, "The folder does not exist."],
  ["BPF_OBJ_GET", ERRNO.ENOENT, undefined, "Nothing is pinned at this path."],
  ["BPF_OBJ_GET", ERRNO.EACCES, undefined, "What is pinned at this path is not a BPF object, or is not yours to open."],
  [
    "BPF_PROG_TEST_RUN",
    ERRNO.EINVAL,
    undefined,
    "A test packet must have at least 14 bytes, and more than 3.5 KB only for a program that takes frags.",
  ],
  [
    "BPF_LINK_CREATE",
    ERRNO.EBADF,
    "WEIR_NOT_FOUND",
    "The folder is no control group of version 2. Mount one: mount -t cgroup2 none /sys/fs/cgroup",
  ],
  [
    "BPF_ENABLE_STATS",
    ERRNO.EPERM,
    "WEIR_PERMISSION",
    "It takes CAP_SYS_ADMIN. Root can switch it on for the whole machine: sysctl kernel.bpf_stats_enabled=1",
  ],
  [
    "BPF_BTF_GET_NEXT_ID",
    ERRNO.EPERM,
    "WEIR_PERMISSION",
    "To call functions of the kernel's modules takes CAP_SYS_ADMIN.",
  ],
  [
    "BPF_BTF_GET_FD_BY_ID",
    ERRNO.EPERM,
    "WEIR_PERMISSION",
    "To read the types of maps and programs by their ids takes CAP_SYS_ADMIN.",
  ],
  ["BPF_LINK_UPDATE", ERRNO.ENOLINK, "WEIR_NO_INTERFACE", "The interface of this link has gone, or it was detached."],
];

/** Looks an error number up: first for the command, then for any command. What EPERM means depends on the process. */
export function explainErrno(command: string, errno: number): Explanation {
  const row =
    TABLE.find(([name, number]) => name === command && number === errno) ??
    TABLE.find(([name, number]) => name === ANY && number === errno);
  if (row === undefined) return { advice: errno === ERRNO.EPERM ? permissionAdvice() : [] };
  const [, , code, ...advice] = row;
  return code === undefined ? { advice } : { code, advice };
}
