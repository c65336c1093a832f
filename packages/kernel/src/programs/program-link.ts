import { Attributes } from "../bpf/attributes.ts";
import { bpf, bpfOpen } from "../bpf/bpf-call.ts";
import { readObjectInfo } from "../bpf/object-info.ts";
import { openPinned, pinObject } from "../bpf/object-path.ts";
import type { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { bpf_link_create, bpf_link_info, bpf_link_update } from "../uapi/bpf.generated.ts";
import type { BpfProgram } from "./bpf-program.ts";

/**
 * A program attached somewhere by bpf_link: it is detached when the last descriptor closes, so also when the process is killed,
 * and it stays when it is pinned.
 *
 * @example
 * ```ts
 * using link = attachTcx({ interface: "eth0", direction: "egress", program });
 * link.pin("/sys/fs/bpf/shaper");
 * ```
 */
export class ProgramLink implements Disposable {
  readonly descriptor: FileDescriptor;

  constructor(descriptor: FileDescriptor) {
    this.descriptor = descriptor;
  }

  /** Opens a pinned link. @throws {KernelError} `WEIR_NOT_FOUND` */
  static open(path: string): ProgramLink {
    return new ProgramLink(openPinned(path, "link"));
  }

  /** Id of the program that is attached now. @throws {KernelError} */
  get programId(): number {
    const { number, what } = this.descriptor;
    return readObjectInfo(number, bpf_link_info, what, (info) => info.number("prog_id"));
  }

  /**
   * Puts another program in the place of the present one, without a moment between them. Not for tracepoints. Whoever else has the link may
   * do the same at any time: the last one stays.
   */
  replace(program: BpfProgram): void {
    // Without the program that is expected, which would have to be opened by its id: that takes CAP_SYS_ADMIN.
    using attributes = new Attributes(bpf_link_update, {
      link_fd: this.descriptor.number,
      new_prog_fd: program.descriptor.number,
    });
    bpf("BPF_LINK_UPDATE", attributes, this.descriptor.what);
  }

  /** Gives the link a name in a BPF file system, where it outlives this process. @throws {KernelError} */
  pin(path: string): void {
    pinObject(this.descriptor, path);
  }

  /** Closes the descriptor: detaches the program unless the link is pinned or opened elsewhere. */
  [Symbol.dispose](): void {
    this.descriptor[Symbol.dispose]();
  }
}

/** What a link is made with besides its program, in the kernel's words. */
export interface LinkPlace {
  readonly attach_type: number;
  readonly target_fd?: number;
  readonly target_ifindex?: number;
  readonly target_btf_id?: number;
  readonly iter_info?: number;
  readonly iter_info_len?: number;
}

/** @param subject what it is attached to, for messages @throws {KernelError} */
export function createLink(program: BpfProgram, place: LinkPlace, subject: string): FileDescriptor {
  using attributes = new Attributes(bpf_link_create, { prog_fd: program.descriptor.number, ...place });
  return bpfOpen("BPF_LINK_CREATE", attributes, subject);
}
