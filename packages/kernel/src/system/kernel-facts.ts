import { existsSync } from "node:fs";
import { arch, release } from "node:os";
import { Answer } from "../probes/answer.ts";
import { probeCompilation } from "../probes/compilation.ts";
import { type Capability, missingCapabilities } from "./capabilities.ts";
import { type Lockdown, lockdown } from "./lockdown.ts";
import { readIfThere } from "./read-if-there.ts";
import { typesFolder } from "./types-folder.ts";
import { isInUserNamespace } from "./user-namespace.ts";

/** What the running kernel is set to, as far as it decides over XDP programs. */
export interface KernelFacts {
  /** As `uname -r` has it. */
  readonly release: string;
  /** As Node names it: `x64`, `arm64`. */
  readonly architecture: string;
  /** Whether it tells its own types, which programs need that look into its structures, or at its tracepoints. */
  readonly types: Answer;
  /** Whether it translates programs to machine code; otherwise it interprets them. */
  readonly compiled: Answer;
  /** How far it is locked down; undefined where it does not say. */
  readonly lockdown: Lockdown | undefined;
  /** Whether processes without CAP_BPF may load some programs (`kernel.unprivileged_bpf_disabled`); never XDP programs. */
  readonly unprivileged: Answer;
  /** The capabilities that weir needs, and this process lacks. */
  readonly missingCapabilities: readonly Capability[];
  /** Whether this process is in a user namespace, as in a rootless container: then its capabilities mean nothing to bpf(2). */
  readonly inUserNamespace: boolean;
}

/**
 * What the running kernel is set to, read from `/proc` and `/sys`; whether it compiles programs shows one that is loaded for it.
 *
 * @example
 * ```ts
 * kernelFacts().lockdown; // "none"
 * ```
 * @see https://docs.kernel.org/admin-guide/sysctl/kernel.html#unprivileged-bpf-disabled
 */
export function kernelFacts(): KernelFacts {
  return {
    release: release(),
    architecture: arch(),
    types: existsSync(`${typesFolder()}/vmlinux`)
      ? Answer.yes
      : Answer.no(`there is no ${typesFolder()}/vmlinux: the kernel was built without CONFIG_DEBUG_INFO_BTF`),
    compiled: probeCompilation(),
    lockdown: lockdown(),
    unprivileged: unprivileged(),
    missingCapabilities: missingCapabilities(),
    inUserNamespace: isInUserNamespace(),
  };
}

function unprivileged(): Answer {
  const path = "/proc/sys/kernel/unprivileged_bpf_disabled";
  const text = readIfThere(path)?.trim();
  if (text === undefined) return Answer.unknown(`there is no ${path}`);
  return text === "0" ? Answer.yes : Answer.no(`kernel.unprivileged_bpf_disabled is ${text}`);
}
