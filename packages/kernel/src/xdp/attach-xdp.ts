import { ERRNO } from "../errors/errno.ts";
import { findInterface, type NetworkInterface, type XdpMode } from "../netlink/network-interface.ts";
import type { BpfProgram } from "../programs/bpf-program.ts";
import { attachError, type Refusal } from "./attach-error.ts";
import { NetlinkAttachment } from "./netlink-attachment.ts";
import type { XdpAttachment } from "./xdp-attachment.ts";
import { XdpLink } from "./xdp-link.ts";

/** Where and how to attach. */
export interface AttachOptions {
  /** Name, alternative name or index. */
  readonly interface: string | number;
  readonly program: BpfProgram;
  /**
   * `drv`: in the driver, before the kernel makes anything of the packet. `skb`: later, with every driver.
   * `hw`: on the network card. `auto` (the default): in the driver, else `skb`.
   */
  readonly mode?: XdpMode | "auto";
  /** `link` (the default): ends with this process unless pinned. `netlink`: stays. */
  readonly by?: "link" | "netlink";
}

/** What sends `auto` from the driver to `skb`: the driver cannot, or not with this MTU or these settings. */
const FALLBACK: ReadonlySet<number> = new Set([
  ERRNO.EOPNOTSUPP,
  ERRNO.ENOTSUPP,
  ERRNO.EINVAL,
  ERRNO.ERANGE,
  ERRNO.ENOSPC,
  ERRNO.ENOMEM,
]);

/**
 * Attaches an XDP program to an interface. Another program that is there stays untouched.
 *
 * @example
 * ```ts
 * using attachment = attachXdp({ interface: "eth0", program, mode: "auto" });
 * attachment.mode; // "drv", or "skb" with attachment.fallbackReason
 * ```
 * By link since Linux 5.9, by netlink since 4.8.
 * @throws {KernelError} `WEIR_BUSY` naming the program that is there, `WEIR_NO_INTERFACE`,
 * `WEIR_NOT_SUPPORTED` when the driver cannot do the mode, `WEIR_PERMISSION`
 */
export function attachXdp({
  interface: nameOrIndex,
  program,
  mode = "auto",
  by = "link",
}: AttachOptions): XdpAttachment {
  const target = findInterface(nameOrIndex);
  const attempt = by === "link" ? XdpLink.tryAttach : NetlinkAttachment.tryAttach;
  const first = attempt(program, target, mode === "auto" ? "drv" : mode);
  if (first.kind === "attached") return first.link;
  const refusal = inWords(first, program, target, mode === "auto" ? "drv" : mode);
  if (mode !== "auto" || !FALLBACK.has(refusal.errno)) throw attachError(refusal, target, mode, by);
  const fallback = attachError(refusal, target, "drv", by);
  const second = attempt(program, target, "skb", fallback.answer);
  if (second.kind === "attached") return second.link;
  throw attachError(second, target, "skb", by, fallback);
}

/**
 * A link's refusal has no words, netlink's has: so the driver is asked once more that way. Should it agree this time, the
 * program is taken off at once.
 */
function inWords(refusal: Refusal, program: BpfProgram, target: NetworkInterface, mode: XdpMode): Refusal {
  if (refusal.words !== undefined || !FALLBACK.has(refusal.errno)) return refusal;
  const second = NetlinkAttachment.tryAttach(program, target, mode);
  if (second.kind === "refused") return second.errno === refusal.errno ? second : refusal;
  second.link.detach();
  return refusal;
}
