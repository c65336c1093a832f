import { type Fallback, findInterface, KernelError, type XdpAttachment, type XdpMode } from "@weir/kernel";
import { ifFound } from "../if-found.ts";
import { leaveDispatcher } from "./leave.ts";
import { currentNamespace, inNamespace } from "./namespaces.ts";
import { type Seat, type Shared, seatOf } from "./seat.ts";

/** What a seat does not say. */
export interface SharedAttachmentOptions {
  readonly fallback?: Fallback | undefined;
  /** What takes it out again, instead of its merely leaving the dispatcher. */
  readonly leave?: (() => void) | undefined;
}

/** A program that the dispatcher of an interface calls, besides others. It stays when the process is killed. */
export class SharedAttachment implements XdpAttachment {
  readonly by = "dispatcher";
  readonly mode: XdpMode;
  readonly interfaceIndex: number;
  readonly interfaceName: string;
  readonly programId: number;
  readonly fallback: Fallback | undefined;
  /** As it was when the program was put there, or looked up. */
  readonly shared: Shared;
  readonly #leave: () => void;
  readonly #namespace = currentNamespace();
  #dispatcherId: number;
  #released = false;
  #hasLeft = false;

  constructor(programId: number, { target, mode, shared }: Seat, { fallback, leave }: SharedAttachmentOptions = {}) {
    this.mode = mode;
    this.shared = shared;
    this.interfaceIndex = target.index;
    this.interfaceName = target.name;
    this.programId = programId;
    this.fallback = fallback;
    this.#leave = leave ?? (() => leaveDispatcher(programId, target.index));
    this.#dispatcherId = shared.dispatcherId;
  }

  get attached(): boolean {
    return inNamespace(this.#namespace, () => this.#isAttached()) ?? false;
  }

  #isAttached(): boolean {
    const target = ifFound(() => findInterface(this.interfaceIndex));
    if (target === undefined) return false;
    if (target.xdp.some(({ programId }) => programId === this.#dispatcherId)) return true;
    // Somebody has changed the programs: ours may be among them still.
    const seat = seatOf(this.programId, this.interfaceIndex);
    if (seat !== undefined) this.#dispatcherId = seat.shared.dispatcherId;
    return seat !== undefined;
  }

  replace(): never {
    throw unsupported("replace", this.interfaceName, "Detach it, and attach its successor.");
  }

  pin(path: string): never {
    throw unsupported("pin", `${this.interfaceName} at ${path}`, "It stays without a pin of its own.");
  }

  detach(): void {
    if (!this.#hasLeft) this.#leave();
    this.#hasLeft = true;
  }

  release(): void {
    this.#released = true;
  }

  [Symbol.dispose](): void {
    if (!this.#released) this.detach();
  }
}

function unsupported(attempted: string, subject: string, advice: string): KernelError {
  return new KernelError({
    code: "WEIR_NOT_SUPPORTED",
    attempted,
    subject: `XDP program on ${subject}`,
    errno: 0,
    answer: "it is one of several programs that a dispatcher calls",
    advice: [advice],
  });
}
