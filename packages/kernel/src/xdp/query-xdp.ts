import { KernelError } from "../errors/kernel-error.ts";
import { findInterface, type XdpMode } from "../netlink/network-interface.ts";
import { BpfProgram } from "../programs/bpf-program.ts";

/** An XDP program on an interface. */
export interface AttachedProgram {
  readonly mode: XdpMode;
  readonly programId: number;
  /** At most 15 characters; undefined when this process may not look at programs. */
  readonly programName: string | undefined;
}

/**
 * The XDP programs on an interface, whoever attached them.
 *
 * @example
 * ```ts
 * queryXdp("eth0"); // [{ mode: "drv", programId: 42, programName: "xdp_packet_moni" }]
 * ```
 * @throws {KernelError} `WEIR_NO_INTERFACE`
 */
export function queryXdp(nameOrIndex: string | number): AttachedProgram[] {
  return findInterface(nameOrIndex).xdp.map(({ mode, programId }) => ({
    mode,
    programId,
    programName: programNameOf(programId),
  }));
}

function programNameOf(id: number): string | undefined {
  try {
    using program = BpfProgram.byId(id);
    return program.name;
  } catch (error) {
    // It has gone meanwhile, or only root may look.
    if (error instanceof KernelError) return undefined;
    throw error;
  }
}
