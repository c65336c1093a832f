import { constants } from "node:os";

/** Error numbers of the kernel that no C library defines (`include/linux/errno.h`), though bpf(2) gives them. */
const KERNEL_ONLY = { ENOTSUPP: 524 } as const;

/** Error numbers by name. */
export const ERRNO = { ...constants.errno, ...KERNEL_ONLY };

const names = new Map<number, string>();
for (const [name, number] of Object.entries<number>(ERRNO)) {
  // Some numbers have two names; the first is the usual one, but for this pair.
  if (!names.has(number) || name === "EOPNOTSUPP") names.set(number, name);
}

/** The name of an error number: 2 is "ENOENT". */
export function errnoName(errno: number): string {
  return names.get(errno) ?? `error ${errno}`;
}
