import type { NetworkInterface, XdpMode } from "../../netlink/network-interface.ts";

/**
 * Why a program could not be attached, by names that stay: another program is there (`busy`) or in the other mode (`other-mode`);
 * frames are too long for one buffer (`mtu`) or for any (`no-frags`); too few queues; receive offloads that merge frames (`lro`); no
 * native XDP in this driver (`no-native`), no offload in this card (`no-offload`); a program that is bound to another interface
 * (`bound-elsewhere`) or made for another place (`program-kind`); no memory, no permission; the other end of a pair
 * has gone (`no-peer`); what else a driver has to say (`driver`).
 */
export type AttachReason =
  | "busy"
  | "other-mode"
  | "mtu"
  | "no-frags"
  | "queues"
  | "lro"
  | "no-native"
  | "no-offload"
  | "bound-elsewhere"
  | "program-kind"
  | "memory"
  | "permission"
  | "no-interface"
  | "no-peer"
  | "driver";

/** The kernel's refusal to attach. */
export interface Refusal {
  readonly errno: number;
  /** Its words, where it has some: netlink's extended acknowledgement. */
  readonly words?: string | undefined;
}

/** What was refused. */
export interface RefusedAttachment extends Refusal {
  readonly target: NetworkInterface;
  /** What the kernel was asked for. */
  readonly mode: XdpMode;
}

/** What a refusal means, and what to do about it. */
export interface Cause {
  readonly reason: AttachReason;
  /** A sentence each. */
  readonly advice: readonly string[];
}
