import { KernelError } from "../errors/kernel-error.ts";
import { type LinkInfo, links } from "./links.ts";

/**
 * The link by which a program is on an interface.
 *
 * @example
 * ```ts
 * for (const { programId } of queryXdp(2)) console.log(findXdpLink(programId, 2));
 * ```
 * Since Linux 5.9.
 * @param interfaceIndex an interface with this index may be in another network namespace, but not with this program by chance
 * @returns undefined where there is none, as netlink attached it; `"hidden"` where this process may not look at links (CAP_SYS_ADMIN)
 */
export function findXdpLink(programId: number, interfaceIndex: number): LinkInfo | "hidden" | undefined {
  try {
    return [...links()].find((link) => link.programId === programId && link.interfaceIndex === interfaceIndex);
  } catch (error) {
    if (error instanceof KernelError && error.isPermissionDenied) return "hidden";
    throw error;
  }
}
