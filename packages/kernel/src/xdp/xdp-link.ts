import { Attributes } from "../bpf/attributes.ts";
import { tryBpf } from "../bpf/bpf-call.ts";
import { readObjectInfo } from "../bpf/object-info.ts";
import { openPinned } from "../bpf/object-path.ts";
import { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { ERRNO } from "../errors/errno.ts";
import { systemError } from "../errors/system-error.ts";
import { findInterface, type NetworkInterface, type XdpMode } from "../netlink/network-interface.ts";
import type { BpfProgram } from "../programs/bpf-program.ts";
import { ProgramLink } from "../programs/program-link.ts";
import { bpf_attach_type, bpf_link_create, bpf_link_detach, bpf_link_info } from "../uapi/bpf.generated.ts";
import type { Fallback, XdpAttachment } from "./xdp-attachment.ts";
import { MODE_FLAGS } from "./xdp-flags.ts";

/** What a link is known to be when it is made. */
interface LinkPlace {
  readonly mode: XdpMode;
  readonly interfaceIndex: number;
  readonly interfaceName: string;
  readonly fallback: Fallback | undefined;
}

/**
 * An XDP program attached by bpf_link (Linux 5.9): it goes when the last descriptor closes, so also when the process is
 * killed, and it stays when it is pinned.
 *
 * @example
 * ```ts
 * using link = XdpLink.open("/sys/fs/bpf/weir/eth0/link");
 * if (link.attached) link.replace(program);
 * ```
 */
export class XdpLink extends ProgramLink implements XdpAttachment {
  readonly by = "link";
  readonly mode: XdpMode;
  readonly interfaceIndex: number;
  readonly interfaceName: string;
  readonly fallback: Fallback | undefined;

  private constructor(descriptor: FileDescriptor, place: LinkPlace) {
    super(descriptor);
    this.mode = place.mode;
    this.interfaceIndex = place.interfaceIndex;
    this.interfaceName = place.interfaceName;
    this.fallback = place.fallback;
  }

  /** Attaches in one mode, or gives the kernel's error number. */
  static tryAttach(
    program: BpfProgram,
    target: NetworkInterface,
    mode: XdpMode,
    fallback?: Fallback,
  ): { readonly kind: "attached"; readonly link: XdpLink } | { readonly kind: "refused"; readonly errno: number } {
    using attributes = new Attributes(bpf_link_create, {
      prog_fd: program.descriptor.number,
      target_ifindex: target.index,
      attach_type: bpf_attach_type.BPF_XDP,
      flags: MODE_FLAGS[mode],
    });
    const result = tryBpf("BPF_LINK_CREATE", attributes);
    if (result < 0) return { kind: "refused", errno: -result };
    const descriptor = new FileDescriptor(result, `XDP link on ${target.name}`);
    const place = { mode, interfaceIndex: target.index, interfaceName: target.name, fallback };
    return { kind: "attached", link: new XdpLink(descriptor, place) };
  }

  /**
   * Opens a pinned link. Its interface is looked up in this process's network namespace.
   *
   * @throws {KernelError} `WEIR_NOT_FOUND`; `WEIR_NO_INTERFACE` when the interface has gone, and the pin may be removed
   */
  static override open(path: string): XdpLink {
    const descriptor = openPinned(path, "link");
    try {
      return new XdpLink(descriptor, placeOf(descriptor));
    } catch (error) {
      descriptor[Symbol.dispose]();
      throw error;
    }
  }

  /**
   * Whether a pinned link still is on an interface, in whatever network namespace that is.
   *
   * @throws {KernelError} `WEIR_NOT_FOUND`
   */
  static isAttachedAt(path: string): boolean {
    using descriptor = openPinned(path, "link");
    return linkInfo(descriptor).interfaceIndex !== 0;
  }

  /**
   * Takes the program of a pinned link off its interface, in whatever network namespace that is; the pin stays.
   *
   * @throws {KernelError} `WEIR_NOT_FOUND`
   */
  static detachAt(path: string): void {
    using descriptor = openPinned(path, "link");
    detachLink(descriptor);
  }

  get attached(): boolean {
    // The kernel sets the index to 0 when the interface goes or the link is detached.
    return !this.descriptor.isClosed && linkInfo(this.descriptor).interfaceIndex !== 0;
  }

  release(): void {
    this[Symbol.dispose]();
  }

  detach(): void {
    if (this.descriptor.isClosed) return;
    try {
      detachLink(this.descriptor);
    } finally {
      this[Symbol.dispose]();
    }
  }
}

function detachLink({ number, what }: FileDescriptor): void {
  using attributes = new Attributes(bpf_link_detach, { link_fd: number });
  const errno = -tryBpf("BPF_LINK_DETACH", attributes);
  // ENOLINK: it was off already.
  if (errno > 0 && errno !== ERRNO.ENOLINK) throw systemError("BPF_LINK_DETACH", what, errno);
}

function placeOf(descriptor: FileDescriptor): LinkPlace {
  const { interfaceIndex, programId } = linkInfo(descriptor);
  const { name, xdp } = findInterface(interfaceIndex);
  const mode = xdp.find((program) => program.programId === programId)?.mode;
  // The program may have been replaced between the two questions.
  if (mode === undefined && linkInfo(descriptor).programId !== programId) return placeOf(descriptor);
  return { mode: mode ?? "drv", interfaceIndex, interfaceName: name, fallback: undefined };
}

function linkInfo(descriptor: FileDescriptor): { interfaceIndex: number; programId: number } {
  return readObjectInfo(descriptor.number, bpf_link_info, descriptor.what, (info) => ({
    interfaceIndex: info.number("xdp.ifindex"),
    programId: info.number("prog_id"),
  }));
}
