import { KernelError } from "../errors/kernel-error.ts";
import { systemError } from "../errors/system-error.ts";
import { nativeCalls } from "../native/current-calls.ts";
import type { Address } from "../native/native-calls.ts";
import { bpf_map_flags } from "../uapi/bpf.generated.ts";
import { MAP_SHARED, PROT_READ, PROT_WRITE } from "../uapi/macros.ts";
import type { BpfMap } from "./bpf-map.ts";

/** What an array's memory is mapped for. */
export interface MapMemoryOptions {
  /** Default false. */
  readonly writable?: boolean;
}

/**
 * An array's memory, mapped into this process while programs write it. An aligned 8-byte number is never seen half written.
 *
 * Unless it was asked for as writable, the pages are read-only: writing through `buffer` or `view` ends the process. After
 * disposal both are empty.
 */
export class MapMemory implements Disposable {
  readonly buffer: ArrayBuffer;
  readonly view: DataView<ArrayBuffer>;
  /** Bytes from one element to the next: the size of a value, rounded up to 8. */
  readonly stride: number;
  readonly #address: Address;
  readonly #length: number;

  constructor(map: BpfMap, valueSize: number, { writable = false }: MapMemoryOptions = {}) {
    const subject = `map "${map.name}"`;
    if ((map.info.flags & bpf_map_flags.BPF_F_MMAPABLE) === 0) {
      throw new KernelError({
        code: "WEIR_NOT_SUPPORTED",
        attempted: "mmap",
        subject,
        errno: 0,
        answer: "it was made without BPF_F_MMAPABLE",
        advice: ["Declare the map with that flag, or read it with entries()."],
      });
    }
    this.stride = Math.ceil(valueSize / 8) * 8;
    this.#length = this.stride * map.info.maxEntries;
    const protection = writable ? PROT_READ | PROT_WRITE : PROT_READ;
    this.#address = nativeCalls().mmap(this.#length, protection, MAP_SHARED, map.descriptor.number, 0);
    if (this.#address < 0) throw systemError("mmap", subject, -this.#address);
    this.buffer = nativeCalls().view(this.#address, this.#length);
    this.view = new DataView(this.buffer);
  }

  [Symbol.dispose](): void {
    if (this.buffer.detached) return;
    // Takes the memory away from every view first, so that a late read throws instead of ending the process.
    this.buffer.transfer();
    nativeCalls().munmap(this.#address, this.#length);
  }
}
