import { ERRNO } from "../errors/errno.ts";
import { findInterface, type NetworkInterface, type XdpMode } from "../netlink/network-interface.ts";
import type { BpfProgram } from "../programs/bpf-program.ts";
import { KernelLog } from "../system/kernel-log.ts";
import { NetlinkAttachment } from "./netlink-attachment.ts";
import { attachError } from "./refusal/attach-error.ts";
import type { AttachReason, Refusal } from "./refusal/refusal.ts";
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

/** Where `auto` does not go on to `skb`: another mode would not do either, or is not what was meant. */
const FINAL: ReadonlySet<AttachReason> = new Set([
  "busy",
  "other-mode",
  "bound-elsewhere",
  "program-kind",
  "permission",
  "no-interface",
  "no-peer",
]);

/**
 * Attaches an XDP program to an interface. Another program that is there stays untouched.
 *
 * @example
 * ```ts
 * using attachment = attachXdp({ interface: "eth0", program, mode: "auto" });
 * attachment.mode; // "drv", or "skb" with attachment.fallback
 * ```
 * By link since Linux 5.9, by netlink since 4.8.
 * @throws {KernelError} `WEIR_BUSY` naming the program that is there, `WEIR_NO_INTERFACE`,
 * `WEIR_NOT_SUPPORTED` when the driver cannot do the mode, `WEIR_PERMISSION`; an {@link AttachError} with its reason
 */
export function attachXdp({
  interface: nameOrIndex,
  program,
  mode = "auto",
  by = "link",
}: AttachOptions): XdpAttachment {
  const target = findInterface(nameOrIndex);
  const attempt = by === "link" ? XdpLink.tryAttach : NetlinkAttachment.tryAttach;
  const first = mode === "auto" ? "drv" : mode;
  const attached = attempt(program, target, first);
  if (attached.kind === "attached") return attached.link;
  const error = attachError({ ...inWords(attached, program, target, first), target, mode: first }, by);
  if (mode !== "auto" || FINAL.has(error.reason)) throw error;
  const second = attempt(program, target, "skb", { reason: error.reason, answer: error.answer });
  if (second.kind === "attached") return second.link;
  throw attachError({ ...second, target, mode: "skb" }, by, error);
}

/**
 * A link's refusal has no words, netlink's has: so the driver is asked once more that way. Some write them into the kernel's log
 * instead. Should it agree this time, the program is taken off at once.
 */
function inWords(refusal: Refusal, program: BpfProgram, target: NetworkInterface, mode: XdpMode): Refusal {
  if (refusal.words !== undefined || NOT_ABOUT_THE_DRIVER.has(refusal.errno)) return refusal;
  using log = KernelLog.open();
  const second = NetlinkAttachment.tryAttach(program, target, mode);
  if (second.kind === "attached") {
    second.link.detach();
    return refusal;
  }
  if (second.errno !== refusal.errno) return refusal;
  // `virtio_net virtio0 eth0: …`, and not veth0's.
  const said = log?.newLines().filter((line) => ` ${line}`.includes(` ${target.name}: `)) ?? [];
  return said.length === 0 || second.words !== undefined ? second : { errno: second.errno, words: said.join("; ") };
}

/** What the kernel refuses with before it asks a driver; netlink would have nothing to add. */
const NOT_ABOUT_THE_DRIVER: ReadonlySet<number> = new Set([ERRNO.EPERM, ERRNO.EACCES, ERRNO.ENODEV]);
