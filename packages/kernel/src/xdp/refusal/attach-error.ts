import { ERRNO } from "../../errors/errno.ts";
import { KernelError, type KernelErrorCode, type KernelErrorParts } from "../../errors/kernel-error.ts";
import { systemError } from "../../errors/system-error.ts";
import type { XdpMode } from "../../netlink/network-interface.ts";
import { offload, placement } from "./card.ts";
import { driverSettings, noNative } from "./driver.ts";
import { frameSize } from "./frame-size.ts";
import { merging } from "./merging.ts";
import { occupied } from "./occupied.ts";
import { pair } from "./pair.ts";
import { queues } from "./queues.ts";
import type { AttachReason, Cause, RefusedAttachment } from "./refusal.ts";

/**
 * The kernel refused to attach a program to an interface. The message has its answer, in its own words where it has some, the cause,
 * and what to do about it.
 *
 * @example
 * ```
 * BPF_LINK_CREATE on interface "veth0" (native XDP (drv)) failed: ERANGE: veth: Peer MTU is too large to set XDP
 *   The interface's MTU is too large for a program that takes a packet in one buffer (veth1 has 9000).
 *   Lower the MTU (ip link set dev veth1 mtu 1500), load the program with frags (Linux 5.18), or use --mode skb.
 * ```
 */
export class AttachError extends KernelError {
  override readonly name = "AttachError";
  /** The cause, by a name that stays the same. */
  readonly reason: AttachReason;

  constructor(parts: KernelErrorParts, reason: AttachReason, options?: ErrorOptions) {
    super(parts, options);
    this.reason = reason;
  }
}

const MODE_WORDS: Readonly<Record<XdpMode, string>> = {
  drv: "native XDP (drv)",
  skb: "generic XDP (skb)",
  hw: "XDP offload (hw)",
};

/** In this order: what the kernel says in words comes before what an error number alone may mean. */
const CAUSES: readonly ((refused: RefusedAttachment) => Cause | undefined)[] = [
  merging,
  frameSize,
  queues,
  pair,
  placement,
  occupied,
  offload,
  noNative,
  byErrno,
];

/** The error for an attachment that the kernel refused. */
export function attachError(refused: RefusedAttachment, by: "link" | "netlink", cause?: KernelError): AttachError {
  const { errno, words, target, mode } = refused;
  const attempted = by === "link" ? "BPF_LINK_CREATE" : "RTM_SETLINK";
  const found = firstCause(refused);
  const error = systemError(attempted, `interface "${target.name}" (${MODE_WORDS[mode]})`, errno, {
    words,
    advice: found.advice,
  });
  const code = CODES[found.reason];
  return new AttachError({ ...partsOf(error), code }, found.reason, cause === undefined ? undefined : { cause });
}

function partsOf({ code, attempted, subject, errno, answer, advice }: KernelError): KernelErrorParts {
  return { code, attempted, subject, errno, answer, advice };
}

function firstCause(refused: RefusedAttachment): Cause {
  for (const cause of CAUSES) {
    const found = cause(refused);
    if (found !== undefined) return found;
  }
  return driverSettings(refused);
}

/** What the table of error numbers has advice for. */
function byErrno({ errno }: RefusedAttachment): Cause | undefined {
  const reason = BY_ERRNO.get(errno);
  return reason && { reason, advice: [] };
}

const BY_ERRNO: ReadonlyMap<number, AttachReason> = new Map([
  [ERRNO.EPERM, "permission"],
  [ERRNO.EACCES, "permission"],
  [ERRNO.ENOMEM, "memory"],
  [ERRNO.ENODEV, "no-interface"],
]);

const CODES: Readonly<Record<AttachReason, KernelErrorCode>> = {
  busy: "WEIR_BUSY",
  "other-mode": "WEIR_BUSY",
  mtu: "WEIR_NOT_SUPPORTED",
  "no-frags": "WEIR_NOT_SUPPORTED",
  queues: "WEIR_NOT_SUPPORTED",
  lro: "WEIR_NOT_SUPPORTED",
  "no-native": "WEIR_NOT_SUPPORTED",
  "no-offload": "WEIR_NOT_SUPPORTED",
  "bound-elsewhere": "WEIR_NOT_SUPPORTED",
  "program-kind": "WEIR_KERNEL",
  memory: "WEIR_NO_MEMORY",
  permission: "WEIR_PERMISSION",
  "no-interface": "WEIR_NO_INTERFACE",
  "no-peer": "WEIR_NO_INTERFACE",
  driver: "WEIR_NOT_SUPPORTED",
};
