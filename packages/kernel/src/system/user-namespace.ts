import { readlinkSync } from "node:fs";
import { hasCode } from "../errors/has-code.ts";

/** The first user namespace's number, the same on every machine: `USER_NS_INIT_INO` in `linux/nsfs.h`. */
const FIRST = "user:[4026531837]";

/**
 * Whether this process is in another user namespace than the machine's first, as in a rootless container. Its capabilities count there
 * alone, and bpf(2) asks for those of the first. Its table of users does not tell: it may map all of them to themselves.
 */
export function isInUserNamespace(): boolean {
  try {
    return readlinkSync("/proc/self/ns/user") !== FIRST;
  } catch (error) {
    // A kernel that was built without them.
    if (hasCode(error, "ENOENT")) return false;
    throw error;
  }
}
