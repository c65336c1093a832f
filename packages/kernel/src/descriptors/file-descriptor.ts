import { KernelError } from "../errors/kernel-error.ts";
import { systemError } from "../errors/system-error.ts";
import { nativeCalls } from "../native/current-calls.ts";
import { noteClosed, noteOpened } from "./open-descriptors.ts";

/**
 * A file descriptor that closes itself at the end of its `using` block. Closing twice is harmless; a use after that says so.
 *
 * @example
 * ```ts
 * using descriptor = new FileDescriptor(7, 'map "flows"');
 * ```
 */
export class FileDescriptor implements Disposable {
  /** What it is a descriptor of: `map "flows"`. */
  readonly what: string;
  #number: number | undefined;

  constructor(number: number, what: string) {
    this.#number = number;
    this.what = what;
    noteOpened(this, what, number);
  }

  /** The number that the kernel knows it by. */
  get number(): number {
    if (this.#number === undefined) {
      throw new KernelError({
        code: "WEIR_CLOSED",
        attempted: "use",
        subject: this.what,
        errno: 0,
        answer: "it was closed",
        advice: ["Its descriptor was disposed before: keep the `using` variable alive for as long as it is needed."],
      });
    }
    return this.#number;
  }

  /** Whether it was closed. */
  get isClosed(): boolean {
    return this.#number === undefined;
  }

  /** Another descriptor of the same thing, which stays open when this one is closed. @throws {KernelError} */
  duplicate(): FileDescriptor {
    const number = nativeCalls().duplicate(this.number);
    if (number < 0) throw systemError("fcntl", this.what, -number);
    return new FileDescriptor(number, this.what);
  }

  [Symbol.dispose](): void {
    if (this.#number === undefined) return;
    nativeCalls().close(this.#number);
    this.#number = undefined;
    noteClosed(this);
  }
}
