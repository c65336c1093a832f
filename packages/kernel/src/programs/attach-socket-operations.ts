import { openPath } from "../descriptors/open-path.ts";
import { bpf_attach_type } from "../uapi/bpf.generated.ts";
import type { BpfProgram } from "./bpf-program.ts";
import { createLink, ProgramLink } from "./program-link.ts";

/**
 * Runs a program of type `socket-operations` at what happens to the TCP connections of a control group's processes.
 *
 * @param cgroup folder of a control group of version 2; its root has all processes
 *
 * @example
 * ```ts
 * using link = attachSocketOperations(program, "/sys/fs/cgroup");
 * ```
 * Since Linux 5.7.
 * @throws {KernelError} `WEIR_NOT_FOUND`; EBADF when the folder is no control group of version 2
 */
export function attachSocketOperations(program: BpfProgram, cgroup: string): ProgramLink {
  const subject = `control group ${cgroup}`;
  using folder = openPath(cgroup, subject);
  const place = { target_fd: folder.number, attach_type: bpf_attach_type.BPF_CGROUP_SOCK_OPS };
  return new ProgramLink(createLink(program, place, subject));
}
