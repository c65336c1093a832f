import { openModuleBtf } from "../bpf/module-btf.ts";
import type { FileDescriptor } from "../descriptors/file-descriptor.ts";

/**
 * The modules of the kernel whose functions a program calls, open while it is loaded: from then on the kernel holds them itself, and they
 * cannot be unloaded.
 */
export class ProgramModules implements Disposable {
  readonly #opened = new Map<string, FileDescriptor>();

  /** Opens a module's types, once. @throws {KernelError} `WEIR_PERMISSION` without CAP_SYS_ADMIN */
  descriptor(name: string): FileDescriptor {
    const opened = this.#opened.get(name) ?? openModuleBtf(name);
    this.#opened.set(name, opened);
    return opened;
  }

  /** What a call names the module by: its place among the descriptors. */
  index(name: string): number {
    this.descriptor(name);
    return 1 + [...this.#opened.keys()].indexOf(name);
  }

  get count(): number {
    return this.#opened.size;
  }

  /** The numbers of the descriptors, for the kernel: the first one stands for the kernel itself and is not looked at. */
  get descriptors(): Uint8Array {
    const numbers = [...this.#opened.values()].map((descriptor) => descriptor.number);
    return new Uint8Array(Int32Array.of(0, ...numbers).buffer);
  }

  [Symbol.dispose](): void {
    for (const descriptor of this.#opened.values()) descriptor[Symbol.dispose]();
  }
}
