import { setTimeout } from "node:timers/promises";
import { pageSize } from "../system/page-size.ts";
import { PROT_READ, PROT_WRITE } from "../uapi/macros.ts";
import type { BpfMap } from "./bpf-map.ts";
import { checkType } from "./check-layout.ts";
import type { MapOwnership } from "./keyed-map.ts";
import { MappedPages } from "./mapped-pages.ts";
import { openOwned } from "./open-owned.ts";

/** `linux/bpf.h`: bits of a record's length that say how it stands with it. */
const BUSY = 1 << 31;
const DISCARDED = 1 << 30;
const HEADER = 8;

/** How to wait for records. */
export interface WatchOptions {
  /** Milliseconds from one look to the next; default 10. */
  readonly every?: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

/**
 * Records that programs of all CPUs write one behind the other, for one reader.
 *
 * @example
 * ```ts
 * using events = RingBuffer.open("/sys/fs/bpf/events");
 * events.drain((record) => console.log(record.length));
 * ```
 * Since Linux 5.8.
 * @see BPF_MAP_TYPE_RINGBUF
 */
export class RingBuffer implements Disposable {
  /** The map underneath: its descriptor, its name, its pin. */
  readonly map: BpfMap;
  readonly #ownership: MapOwnership;
  /** Where the reader is, in a page that it writes. */
  readonly #reader: MappedPages;
  /** Where the writers are, in a page that it reads, and behind it the records, twice: so that none ever wraps. */
  readonly #records: MappedPages;
  readonly #readerPosition: BigUint64Array;
  readonly #writerPosition: BigUint64Array;
  readonly #lengths: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #mask: number;

  private constructor(map: BpfMap, ownership: MapOwnership) {
    checkType(map, "ring-buffer");
    this.map = map;
    this.#ownership = ownership;
    const page = pageSize();
    const size = map.info.maxEntries;
    this.#reader = new MappedPages(map.descriptor, page, PROT_READ | PROT_WRITE);
    try {
      this.#records = new MappedPages(map.descriptor, page + 2 * size, PROT_READ, page);
    } catch (error) {
      this.#reader[Symbol.dispose]();
      throw error;
    }
    this.#readerPosition = new BigUint64Array(this.#reader.buffer, 0, 1);
    this.#writerPosition = new BigUint64Array(this.#records.buffer, 0, 1);
    this.#lengths = new Int32Array(this.#records.buffer, page);
    this.#bytes = new Uint8Array(this.#records.buffer, page);
    this.#mask = size - 1;
  }

  /** A view of a map that somebody else closes. @throws {KernelError} `WEIR_MAP_LAYOUT` */
  static of(map: BpfMap): RingBuffer {
    return new RingBuffer(map, "borrowed");
  }

  /** Opens a pinned map. @throws {KernelError} `WEIR_NOT_FOUND`, `WEIR_MAP_LAYOUT` */
  static open(path: string): RingBuffer {
    return openOwned(path, (map) => new RingBuffer(map, "owned"));
  }

  /**
   * Takes out the records that are there, the oldest first.
   *
   * @param handle is given each record where it lies in the ring: it must copy what it keeps
   * @param most so many at most; the others stay
   * @returns how many
   */
  drain(handle: (record: Uint8Array) => void, most = Number.POSITIVE_INFINITY): number {
    let count = 0;
    let position = Number(this.#readerPosition[0]);
    while (count < most && position < Number(Atomics.load(this.#writerPosition, 0))) {
      const at = position & this.#mask;
      const length = Atomics.load(this.#lengths, at / 4);
      // A writer has reserved it and not finished: those behind it wait too.
      if ((length & BUSY) !== 0) break;
      const bytes = length & ~DISCARDED;
      position += HEADER + Math.ceil(bytes / 8) * 8;
      try {
        if ((length & DISCARDED) !== 0) continue;
        count += 1;
        handle(this.#bytes.subarray(at + HEADER, at + HEADER + bytes));
      } finally {
        Atomics.store(this.#readerPosition, 0, BigInt(position));
      }
    }
    return count;
  }

  /**
   * Copies of the records as they come, until the signal.
   *
   * @example
   * ```ts
   * using events = RingBuffer.open("/sys/fs/bpf/events");
   * for await (const record of events.watch({ every: 100 })) console.log(record.length);
   * ```
   */
  async *watch({ every = 10, signal }: WatchOptions = {}): AsyncGenerator<Uint8Array, void> {
    while (signal?.aborted !== true) {
      const records: Uint8Array[] = [];
      this.drain((record) => records.push(record.slice()));
      yield* records;
      if (records.length > 0) continue;
      // A signal ends the wait by an error, which the loop's condition then tells from others.
      await setTimeout(every, undefined, { ...(signal && { signal }) }).catch((error: unknown) => {
        if (signal?.aborted !== true) throw error;
      });
    }
  }

  /** Ends this view; a map that it opened is closed, one that it was given stays open. */
  [Symbol.dispose](): void {
    this.#reader[Symbol.dispose]();
    this.#records[Symbol.dispose]();
    if (this.#ownership === "owned") this.map[Symbol.dispose]();
  }
}
