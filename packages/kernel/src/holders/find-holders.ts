import type { Held, Holder } from "./holder.ts";
import { searchProcesses } from "./holding-processes.ts";
import { searchPins } from "./pins.ts";

/** Whose holders are looked for: a program's, with those of the links that it is attached by, or one link's. */
export type HeldId = { readonly programId: number } | { readonly linkId: number };

/** Who holds something. */
export interface Holders {
  /** None for a program that was attached by netlink and whose loader has ended: the interface itself holds it. */
  readonly holders: readonly Holder[];
  /** Why there may be more: processes and pins that this process may not look at, each in words. */
  readonly unseen: readonly string[];
}

/**
 * Finds who holds a program or a link: processes by their open descriptors, and pins in BPF file systems. This process is
 * among them when it holds it. What other PID namespaces and other machines' file systems hold cannot be seen.
 *
 * It looks through all processes and pins, which takes some milliseconds for each thousand of them.
 *
 * @example
 * ```ts
 * for (const { programId } of queryXdp("eth0")) console.log(findHolders({ programId }).holders.map(describeHolder));
 * // ["link 5, held by process 1234 (weir watch eth0)"]
 * ```
 * Since Linux 5.8, whose `/proc/PID/fdinfo` tells links; before it, of programs only.
 * @throws {KernelError} when the kernel refuses to tell of a pin that it opens
 * @see https://docs.kernel.org/filesystems/proc.html `/proc/<pid>/fdinfo`
 */
export function findHolders(id: HeldId): Holders {
  return searchHolders()(id);
}

/**
 * The same for whoever asks of several: looks through processes and pins once.
 *
 * @example
 * ```ts
 * const holdersOf = searchHolders();
 * for (const { programId } of queryXdp("eth0")) console.log(holdersOf({ programId }).holders);
 * ```
 * @throws {KernelError} as `findHolders`
 */
export function searchHolders(): (id: HeldId) => Holders {
  const { processes, unseen } = searchProcesses();
  const pins = searchPins();
  const all = [...processes, ...pins.pins];
  const hidden = [
    ...(unseen === 0 ? [] : [`processes that this one may not look at, having fewer privileges: ${unseen}`]),
    ...pins.unseen.map((path) => `${path} may not be opened`),
  ];
  return (id) => ({ holders: all.filter(({ held }) => isOf(held, id)), unseen: hidden });
}

function isOf(held: Held, id: HeldId): boolean {
  return "programId" in id ? held.programId === id.programId : held.kind === "link" && held.linkId === id.linkId;
}
