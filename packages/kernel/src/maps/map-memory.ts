import { KernelError } from "../errors/kernel-error.ts";
import { bpf_map_flags } from "../uapi/bpf.generated.ts";
import { PROT_READ, PROT_WRITE } from "../uapi/macros.ts";
import type { BpfMap } from "./bpf-map.ts";
import { MappedPages } from "./mapped-pages.ts";

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
  readonly #pages: MappedPages;

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
    const protection = writable ? PROT_READ | PROT_WRITE : PROT_READ;
    this.#pages = new MappedPages(map.descriptor, this.stride * map.info.maxEntries, protection);
    this.buffer = this.#pages.buffer;
    this.view = new DataView(this.buffer);
  }

  [Symbol.dispose](): void {
    this.#pages[Symbol.dispose]();
  }
}
