import { type Btf, loadableBtf, parseBtf, Relocator } from "@weir/bytecode";
import { loadBtf } from "../bpf/btf-object.ts";
import type { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { kernelBtf } from "../system/kernel-types.ts";

/** The types of an object: what the kernel has of them, the bytes that they came from, and what is read from those once it is needed. */
export class ObjectTypes implements Disposable {
  readonly bytes: Uint8Array;
  readonly descriptor: FileDescriptor;
  #types: Btf | undefined;
  #relocator: Relocator | undefined;

  /** Loads them. @throws {KernelError} with the kernel's log */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.descriptor = loadBtf(loadableBtf(bytes));
  }

  get types(): Btf {
    this.#types ??= parseBtf(this.bytes);
    return this.#types;
  }

  /** Adapts the object's programs to the running kernel. */
  get relocator(): Relocator {
    this.#relocator ??= new Relocator(this.types, kernelBtf());
    return this.#relocator;
  }

  [Symbol.dispose](): void {
    this.descriptor[Symbol.dispose]();
  }
}
