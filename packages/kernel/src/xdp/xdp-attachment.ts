import type { XdpMode } from "../netlink/network-interface.ts";
import type { BpfProgram } from "../programs/bpf-program.ts";
import type { AttachReason } from "./refusal/refusal.ts";

/** Why a program is not in the driver. */
export interface Fallback {
  readonly reason: AttachReason;
  /** The kernel's answer: the error's name, and its words. */
  readonly answer: string;
}

/**
 * An XDP program on an interface, attached by this process or opened from its pin.
 *
 * Its disposal takes the program off the interface, unless the attachment is pinned.
 */
export interface XdpAttachment extends Disposable {
  readonly mode: XdpMode;
  /** `dispatcher`: one of several programs that a dispatcher calls. */
  readonly by: "link" | "netlink" | "dispatcher";
  readonly interfaceIndex: number;
  /** What the interface was called when it was attached. */
  readonly interfaceName: string;
  readonly programId: number;
  /** Why it is not in the driver although the mode was `auto`; undefined when it is. */
  readonly fallback: Fallback | undefined;
  /** Whether the program still is on the interface: false once the interface is gone or somebody took it off. */
  readonly attached: boolean;
  /** Puts another program in its place: no packet passes in between without one. @throws {KernelError} */
  replace(program: BpfProgram): void;
  /** Keeps it when this process ends. @throws {KernelError} `WEIR_NOT_SUPPORTED` for netlink, which keeps it anyway */
  pin(path: string): void;
  /** Lets disposal leave the program on the interface: by netlink it then stays as it is, by link as long as the link is pinned. */
  release(): void;
  /** Takes the program off the interface, pinned or not. Harmless when it is off already. @throws {KernelError} */
  detach(): void;
}
