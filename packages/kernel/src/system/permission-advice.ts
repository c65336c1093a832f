import { type Capability, missingCapabilities } from "./capabilities.ts";
import { lockdown } from "./lockdown.ts";
import { readIfThere } from "./read-if-there.ts";

/** What this process may do, as far as it decides over bpf(2). */
export interface Permissions {
  readonly missing: readonly Capability[];
  /** In a user namespace of its own, as in a rootless container: its capabilities mean nothing to bpf(2). */
  readonly isInUserNamespace: boolean;
  /** The kernel is locked down (`lockdown=integrity` or more, often with Secure Boot). */
  readonly isLockedDown: boolean;
}

/** Why the kernel may have said EPERM, and what to do. */
export function permissionAdvice(permissions: Permissions = readPermissions()): string[] {
  const { missing, isInUserNamespace, isLockedDown } = permissions;
  if (missing.length > 0) {
    const flags = missing.map((name) => `--cap-add ${name.replace("CAP_", "")}`).join(" ");
    // Made here, and not when the file is loaded: it takes 8 ms.
    const list = new Intl.ListFormat("en").format(missing);
    return [`This process lacks ${list}.`, `Run it with sudo, or in a container with ${flags}.`];
  }
  if (isInUserNamespace) {
    return ["This process is root in a user namespace only, such as a rootless container: run it outside of it."];
  }
  if (isLockedDown) {
    return [
      "The kernel is locked down (see /sys/kernel/security/lockdown), which forbids some uses of BPF even to root.",
    ];
  }
  return ["This process has the capabilities for it: a security module or a seccomp filter seems to forbid it."];
}

function readPermissions(): Permissions {
  return {
    missing: missingCapabilities(),
    isInUserNamespace: !/^\s*0\s+0\s+4294967295\s*$/.test(readIfThere("/proc/self/uid_map") ?? ""),
    isLockedDown: (lockdown() ?? "none") !== "none",
  };
}
