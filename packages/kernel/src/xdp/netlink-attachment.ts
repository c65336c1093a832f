import type { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { ERRNO } from "../errors/errno.ts";
import { KernelError } from "../errors/kernel-error.ts";
import { systemError } from "../errors/system-error.ts";
import { findInterface, type NetworkInterface, type XdpMode } from "../netlink/network-interface.ts";
import type { BpfProgram } from "../programs/bpf-program.ts";
import { XDP_FLAGS_REPLACE, XDP_FLAGS_UPDATE_IF_NOEXIST } from "../uapi/macros.ts";
import { NO_PROGRAM, setXdp } from "./set-xdp.ts";
import type { Fallback, XdpAttachment } from "./xdp-attachment.ts";
import { MODE_FLAGS } from "./xdp-flags.ts";

/** An attachment, or why the kernel refused it. */
export type NetlinkAttempt =
  | { readonly kind: "attached"; readonly link: NetlinkAttachment }
  | { readonly kind: "refused"; readonly errno: number; readonly words: string | undefined };

/**
 * An XDP program attached by rtnetlink, as `ip link` does it: it stays when the process ends, also when it is killed.
 * For kernels and drivers where a link cannot be, and for programs that are to be replaced by other processes.
 */
export class NetlinkAttachment implements XdpAttachment {
  readonly by = "netlink";
  readonly mode: XdpMode;
  readonly interfaceIndex: number;
  readonly interfaceName: string;
  readonly fallback: Fallback | undefined;
  #programId: number;
  /** The kernel asks for one to exchange the program; to open one by its id takes CAP_SYS_ADMIN. */
  #descriptor: FileDescriptor;
  /** Whether its disposal leaves the program where it is. */
  #stays = false;

  private constructor(program: BpfProgram, target: NetworkInterface, mode: XdpMode, fallback?: Fallback) {
    this.#programId = program.id;
    this.#descriptor = program.descriptor.duplicate();
    this.mode = mode;
    this.interfaceIndex = target.index;
    this.interfaceName = target.name;
    this.fallback = fallback;
  }

  /** Attaches in one mode if there is no other program, or gives the kernel's error number and words. */
  static tryAttach(program: BpfProgram, target: NetworkInterface, mode: XdpMode, fallback?: Fallback): NetlinkAttempt {
    const link = new NetlinkAttachment(program, target, mode, fallback);
    return link.#begin(XDP_FLAGS_UPDATE_IF_NOEXIST);
  }

  /** Puts a program in the place of another one that netlink attached, if that still is there, or gives the kernel's error number and words. */
  static tryReplace(other: BpfProgram, program: BpfProgram, target: NetworkInterface, mode: XdpMode): NetlinkAttempt {
    const link = new NetlinkAttachment(program, target, mode);
    return link.#begin(XDP_FLAGS_REPLACE, other.descriptor);
  }

  /** The attachment of a program that is on an interface already, and stays when this is disposed of; undefined when it is not there. */
  static open(program: BpfProgram, target: NetworkInterface): NetlinkAttachment | undefined {
    const mode = target.xdp.find(({ programId }) => programId === program.id)?.mode;
    if (mode === undefined) return undefined;
    const attachment = new NetlinkAttachment(program, target, mode);
    attachment.#stays = true;
    return attachment;
  }

  get programId(): number {
    return this.#programId;
  }

  get attached(): boolean {
    try {
      return findInterface(this.interfaceIndex).xdp.some(({ programId }) => programId === this.#programId);
    } catch (error) {
      if (error instanceof KernelError && error.isNotFound) return false;
      throw error;
    }
  }

  replace(program: BpfProgram): void {
    using stack = new DisposableStack();
    const descriptor = stack.use(program.descriptor.duplicate());
    this.#exchange(descriptor.number);
    stack.move();
    this.#descriptor[Symbol.dispose]();
    this.#descriptor = descriptor;
    this.#programId = program.id;
  }

  pin(path: string): void {
    throw new KernelError({
      code: "WEIR_NOT_SUPPORTED",
      attempted: "pin",
      subject: `XDP program on ${this.interfaceName} at ${path}`,
      errno: 0,
      answer: "it was attached by netlink",
      advice: ["Such an attachment stays without a pin. Attach by link to have one that can be pinned."],
    });
  }

  release(): void {
    this.#stays = true;
    this.#descriptor[Symbol.dispose]();
  }

  detach(): void {
    if (this.#descriptor.isClosed) return;
    using _ = this.#descriptor;
    if (this.attached) this.takeOff();
  }

  /**
   * Takes the program off, or says that it was not there. Harmless when the interface has gone.
   *
   * @throws {KernelError} `WEIR_BUSY` when it is not the one on the interface any more: another one is, or none
   */
  takeOff(): void {
    this.#exchange(NO_PROGRAM);
  }

  [Symbol.dispose](): void {
    if (this.#stays) this.#descriptor[Symbol.dispose]();
    else this.detach();
  }

  /** The first of its acts; it is of no use where that is refused. */
  #begin(flag: number, expected?: FileDescriptor): NetlinkAttempt {
    const flags = MODE_FLAGS[this.mode] | flag;
    using stack = new DisposableStack();
    stack.defer(() => this.release());
    const answer = setXdp(this.interfaceIndex, this.#descriptor.number, flags, expected?.number);
    if (answer.kind === "refused") return answer;
    stack.move();
    return { kind: "attached", link: this };
  }

  /** Changes the program only if it is ours still. */
  #exchange(descriptor: number): void {
    const flags = MODE_FLAGS[this.mode] | XDP_FLAGS_REPLACE;
    const answer = setXdp(this.interfaceIndex, descriptor, flags, this.#descriptor.number);
    // What is on no interface any more need not be taken off.
    if (answer.kind === "answered" || (answer.errno === ERRNO.ENODEV && descriptor === NO_PROGRAM)) return;
    const { errno, words } = answer;
    throw systemError("RTM_SETLINK", `interface "${this.interfaceName}"`, errno, {
      words,
      advice:
        errno === ERRNO.EEXIST
          ? ["It was taken off meanwhile; a program that is in its place now was left as it is."]
          : [],
    });
  }
}
