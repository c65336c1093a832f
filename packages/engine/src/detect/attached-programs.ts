import {
  BpfProgram,
  findXdpLink,
  type HeldId,
  type Holders,
  KernelError,
  type NetworkInterface,
  type ProgramInfo,
} from "@weir/kernel";
import type { DetectedProgram } from "./detection.ts";

/** The XDP programs on an interface: who attached them, and how. */
export function attachedPrograms(
  { index, xdp }: NetworkInterface,
  holdersOf: (id: HeldId) => Holders,
): DetectedProgram[] {
  return xdp.map(({ mode, programId }) => {
    const { name, tag } = infoOf(programId) ?? {};
    const { holders, unseen } = holdersOf({ programId });
    const link = findXdpLink(programId, index);
    const held = holders.find((holder) => holder.held.kind === "link")?.held;
    const linkId = link === "hidden" ? (held?.kind === "link" ? held.linkId : undefined) : link?.id;
    const hidden = link === "hidden" && linkId === undefined && unseen.length > 0;
    const by = hidden ? undefined : linkId === undefined ? "netlink" : "link";
    return { mode, programId, name, tag, by, linkId, holders };
  });
}

/** Undefined where this process may not look at programs, or it has gone. */
function infoOf(id: number): ProgramInfo | undefined {
  try {
    using program = BpfProgram.byId(id);
    return program.info();
  } catch (error) {
    if (error instanceof KernelError) return undefined;
    throw error;
  }
}
