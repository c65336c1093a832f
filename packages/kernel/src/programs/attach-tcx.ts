import { findInterface } from "../netlink/network-interface.ts";
import { bpf_attach_type } from "../uapi/bpf.generated.ts";
import type { BpfProgram } from "./bpf-program.ts";
import { createLink, ProgramLink } from "./program-link.ts";

/** Where a program shall see packets. */
export interface TcxOptions {
  /** Name, alternative name or index. */
  readonly interface: string | number;
  /** Packets that come in, or those that go out. */
  readonly direction: "ingress" | "egress";
  readonly program: BpfProgram;
}

/**
 * Attaches a program of type `tcx` to an interface, behind those that are there already. Every interface can have such ones.
 *
 * @example
 * ```ts
 * using link = attachTcx({ interface: "eth0", direction: "egress", program });
 * ```
 * Since Linux 6.6.
 * @throws {KernelError} `WEIR_NO_INTERFACE`; EINVAL from kernels that do not know it
 */
export function attachTcx({ interface: wanted, direction, program }: TcxOptions): ProgramLink {
  const { index, name } = findInterface(wanted);
  const attach_type = direction === "ingress" ? bpf_attach_type.BPF_TCX_INGRESS : bpf_attach_type.BPF_TCX_EGRESS;
  return new ProgramLink(createLink(program, { target_ifindex: index, attach_type }, `tcx ${direction} of ${name}`));
}
