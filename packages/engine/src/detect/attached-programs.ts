import {
  BpfProgram,
  findHolders,
  KernelError,
  type LinkInfo,
  links,
  type NetworkInterface,
  queryXdp,
} from "@weir/kernel";
import type { DetectedProgram } from "./detection.ts";

/** The XDP programs on an interface: who attached them, and how. */
export function attachedPrograms({ index }: NetworkInterface): DetectedProgram[] {
  return queryXdp(index).map(({ mode, programId, programName }) => {
    const { holders, unseen } = findHolders({ programId });
    const link = linkOf(programId, index);
    const held = holders.find((holder) => holder.held.kind === "link")?.held;
    const linkId = link === "hidden" ? (held?.kind === "link" ? held.linkId : undefined) : link?.id;
    const hidden = link === "hidden" && linkId === undefined && unseen.length > 0;
    return {
      mode,
      programId,
      name: programName,
      tag: tagOf(programId),
      by: hidden ? undefined : linkId === undefined ? "netlink" : "link",
      linkId,
      holders,
    };
  });
}

/** Undefined where there is none: the program was attached by netlink. */
function linkOf(programId: number, index: number): LinkInfo | "hidden" | undefined {
  try {
    // Of links with this program: it may be on another interface with this index, in another network namespace.
    return [...links()].find((link) => link.programId === programId && link.interfaceIndex === index);
  } catch (error) {
    if (error instanceof KernelError && error.isPermissionDenied) return "hidden";
    throw error;
  }
}

/** Undefined where this process may not look at programs, or it has gone. */
function tagOf(id: number): string | undefined {
  try {
    using program = BpfProgram.byId(id);
    return program.info().tag;
  } catch (error) {
    if (error instanceof KernelError) return undefined;
    throw error;
  }
}
