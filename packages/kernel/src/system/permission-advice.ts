import { type Capability, missingCapabilities } from "./capabilities.ts";
import { lockdown } from "./lockdown.ts";
import { isInUserNamespace } from "./user-namespace.ts";

/** What this process may do, as far as it decides over bpf(2). */
export interface Permissions {
  readonly missing: readonly Capability[];
  /** In a user namespace, as in a rootless container: its capabilities mean nothing to bpf(2). */
  readonly isInUserNamespace: boolean;
  /** The kernel is locked down (`lockdown=integrity` or more, often with Secure Boot). */
  readonly isLockedDown: boolean;
}

/** Why the kernel may have said EPERM, and what to do. */
export function permissionAdvice(permissions: Permissions = readPermissions()): string[] {
  const { missing, isInUserNamespace: isContained, isLockedDown } = permissions;
  // First: there, sudo would bring nothing.
  if (isContained) {
    return [
      "This process is in a user namespace, such as a rootless container: what capabilities it has, root's too, count there alone, and not for bpf(2).",
      "Run it outside of it, or in a container of root's.",
    ];
  }
  if (missing.length > 0) {
    const flags = missing.map((name) => `--cap-add ${name.replace("CAP_", "")}`).join(" ");
    // Made here, and not when the file is loaded: it takes 8 ms.
    const list = new Intl.ListFormat("en").format(missing);
    return [`This process lacks ${list}.`, `Run it with sudo, or in a container with ${flags}.`];
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
    isInUserNamespace: isInUserNamespace(),
    isLockedDown: (lockdown() ?? "none") !== "none",
  };
}
