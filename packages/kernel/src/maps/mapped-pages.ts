import type { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { systemError } from "../errors/system-error.ts";
import { nativeCalls } from "../native/current-calls.ts";
import type { Address } from "../native/native-calls.ts";
import { MAP_SHARED } from "../uapi/macros.ts";

/** Memory of the kernel's, shared with this process until disposal; then every view of it is empty. */
export class MappedPages implements Disposable {
  readonly buffer: ArrayBuffer;
  readonly #address: Address;
  readonly #length: number;

  /**
   * @param protection `PROT_READ`, with `PROT_WRITE` where this process writes
   * @param offset     bytes into the object's memory: a whole number of pages
   * @throws {KernelError}
   */
  constructor(descriptor: FileDescriptor, length: number, protection: number, offset = 0) {
    this.#length = length;
    this.#address = nativeCalls().mmap(length, protection, MAP_SHARED, descriptor.number, offset);
    if (this.#address < 0) throw systemError("mmap", descriptor.what, -this.#address);
    this.buffer = nativeCalls().view(this.#address, length);
  }

  [Symbol.dispose](): void {
    if (this.buffer.detached) return;
    // Takes the memory away from every view first, so that a late read throws instead of ending the process.
    this.buffer.transfer();
    nativeCalls().munmap(this.#address, this.#length);
  }
}
