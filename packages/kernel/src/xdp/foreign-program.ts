import { ERRNO } from "../errors/errno.ts";
import type { KernelError } from "../errors/kernel-error.ts";
import { systemError } from "../errors/system-error.ts";
import { findHolders } from "../holders/find-holders.ts";
import { describeHolder } from "../holders/holder.ts";
import { findInterface, type NetworkInterface, type XdpMode } from "../netlink/network-interface.ts";
import { BpfProgram } from "../programs/bpf-program.ts";
import { XDP_FLAGS_REPLACE, XDP_FLAGS_UPDATE_IF_NOEXIST } from "../uapi/macros.ts";
import { NetlinkAttachment } from "./netlink-attachment.ts";
import type { Refusal } from "./refusal/refusal.ts";
import { NO_PROGRAM, setXdp } from "./set-xdp.ts";
import { MODE_FLAGS } from "./xdp-flags.ts";

/**
 * A program that somebody else attached to an interface. What netlink attached belongs to the interface, and who may administer
 * that may put another one in its place; the kernel does so only while the program still is the one that is meant. What a link
 * attached belongs to whoever holds the link, and is left alone: the error names the holders.
 *
 * @example
 * ```ts
 * using foreign = ForeignProgram.find("eth0", 42);
 * using attachment = foreign?.replace(program);
 * ```
 * Since Linux 5.7, whose netlink knows the program that is expected.
 */
export class ForeignProgram implements Disposable {
  readonly mode: XdpMode;
  readonly #program: BpfProgram;
  readonly #target: NetworkInterface;

  private constructor(program: BpfProgram, target: NetworkInterface, mode: XdpMode) {
    this.#program = program;
    this.#target = target;
    this.mode = mode;
  }

  /** The program with this id, when it is on the interface. @throws {KernelError} `WEIR_NO_INTERFACE`, `WEIR_PERMISSION` */
  static find(nameOrIndex: string | number, programId: number): ForeignProgram | undefined {
    const target = findInterface(nameOrIndex);
    const found = target.xdp.find((one) => one.programId === programId);
    return found && new ForeignProgram(BpfProgram.byId(programId), target, found.mode);
  }

  /**
   * Puts a program in its place, in the same mode: no packet passes in between without one.
   *
   * @throws {KernelError} `WEIR_BUSY` when a link holds it, or another program has taken its place
   */
  replace(program: BpfProgram): NetlinkAttachment {
    const answer = NetlinkAttachment.tryReplace(this.#program, program, this.#target, this.mode);
    if (answer.kind === "refused") throw this.#error(answer, this.#whyItStays(answer.errno));
    return answer.link;
  }

  /** Takes it off. @throws {KernelError} `WEIR_BUSY` as `replace` */
  takeOff(): void {
    const flags = MODE_FLAGS[this.mode] | XDP_FLAGS_REPLACE;
    const answer = setXdp(this.#target.index, NO_PROGRAM, flags, this.#program.descriptor.number);
    if (answer.kind === "refused") throw this.#error(answer, this.#whyItStays(answer.errno));
  }

  /** Attaches it again where it was, if the place is free. @throws {KernelError} `WEIR_BUSY` when another program has taken it */
  putBack(): void {
    const flags = MODE_FLAGS[this.mode] | XDP_FLAGS_UPDATE_IF_NOEXIST;
    const answer = setXdp(this.#target.index, this.#program.descriptor.number, flags);
    if (answer.kind === "refused") throw this.#error(answer, this.#whyItIsOff(answer.errno));
  }

  /** Lets go of it; it stays where it is. */
  [Symbol.dispose](): void {
    this.#program[Symbol.dispose]();
  }

  #error({ errno, words }: Refusal, advice: readonly string[]): KernelError {
    return systemError("RTM_SETLINK", `interface "${this.#target.name}"`, errno, { words, advice });
  }

  /** What is to be done when it cannot be replaced. */
  #whyItStays(errno: number): string[] {
    const { id, name } = this.#program;
    if (errno === ERRNO.EEXIST) return [`Program ${id} is not the one that is there any more; nothing was changed.`];
    if (errno !== ERRNO.EBUSY) return [];
    const { holders, unseen } = findHolders({ programId: id });
    const links = holders.filter(({ held }) => held.kind === "link");
    return [
      `Program "${name}" (id ${id}) is attached by a link, which belongs to whoever holds it. It was left as it is.`,
      ...(links.length > 0 ? ["Holders:", ...links.map((holder) => `  ${describeHolder(holder)}`)] : []),
      ...unseen.map((each) => `Not seen: ${each}.`),
      "End the process that holds it, or remove the pin; then attach again, without naming the program.",
    ];
  }

  /** What is to be done when it was taken off and cannot be put back. */
  #whyItIsOff(errno: number): string[] {
    const { id, name } = this.#program;
    const other = errno === ERRNO.EBUSY ? ": another program has taken its place meanwhile, and was left as it is" : "";
    return [
      `Program "${name}" (id ${id}) was taken off and could not be put back${other}.`,
      "Attach it again with what attached it before.",
    ];
  }
}
