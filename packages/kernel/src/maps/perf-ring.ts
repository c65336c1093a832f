import { openPerfEvent } from "../bpf/perf-event.ts";
import type { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { pageSize } from "../system/page-size.ts";
import { PROT_READ, PROT_WRITE } from "../uapi/macros.ts";
import {
  perf_event_header,
  perf_event_mmap_page,
  perf_event_sample_format,
  perf_event_type,
  perf_sw_ids,
  perf_type_id,
} from "../uapi/perf.generated.ts";
import { MappedPages } from "./mapped-pages.ts";

const LENGTH_SIZE = 4;
/** In a record of loss: the number of what was lost, behind an id. */
const LOST_OFFSET = perf_event_header.size + 8;

/** What one CPU writes with `bpf_perf_event_output`: an event that the map holds, and its ring of records. */
export class PerfRing implements Disposable {
  readonly event: FileDescriptor;
  /** Records that found no room. */
  lost = 0n;
  readonly #pages: MappedPages;
  readonly #head: BigUint64Array;
  readonly #tail: BigUint64Array;
  readonly #bytes: Uint8Array;
  readonly #size: number;

  /** @param pages how many the ring has: a power of two */
  constructor(cpu: number, pages: number) {
    this.#size = pages * pageSize();
    this.event = openOutput(cpu);
    try {
      this.#pages = new MappedPages(this.event, pageSize() + this.#size, PROT_READ | PROT_WRITE);
    } catch (error) {
      this.event[Symbol.dispose]();
      throw error;
    }
    const { data_head, data_tail } = perf_event_mmap_page.fields;
    this.#head = new BigUint64Array(this.#pages.buffer, data_head[0], 1);
    this.#tail = new BigUint64Array(this.#pages.buffer, data_tail[0], 1);
    this.#bytes = new Uint8Array(this.#pages.buffer, pageSize());
  }

  /** Takes out copies of the records that are there, the oldest first; returns how many. */
  drain(handle: (record: Uint8Array) => void): number {
    let count = 0;
    const head = Atomics.load(this.#head, 0);
    let position = Atomics.load(this.#tail, 0);
    while (position < head) {
      const header = this.#read(position, perf_event_header.size);
      const type = header.getUint32(perf_event_header.fields.type[0], true);
      const length = header.getUint16(perf_event_header.fields.size[0], true);
      const record = this.#read(position, length);
      position += BigInt(length);
      // Its place may be written over from here on: it was copied.
      Atomics.store(this.#tail, 0, position);
      if (type === perf_event_type.PERF_RECORD_LOST) this.lost += record.getBigUint64(LOST_OFFSET, true);
      if (type !== perf_event_type.PERF_RECORD_SAMPLE) continue;
      count += 1;
      const bytes = record.getUint32(perf_event_header.size, true);
      handle(new Uint8Array(record.buffer, perf_event_header.size + LENGTH_SIZE, bytes));
    }
    return count;
  }

  [Symbol.dispose](): void {
    this.#pages[Symbol.dispose]();
    this.event[Symbol.dispose]();
  }

  /** A copy of a part of the ring, which may begin again at its end. */
  #read(position: bigint, length: number): DataView<ArrayBuffer> {
    const copy = new Uint8Array(length);
    const start = Number(position % BigInt(this.#size));
    const first = this.#bytes.subarray(start, Math.min(start + length, this.#size));
    copy.set(first);
    copy.set(this.#bytes.subarray(0, length - first.length), first.length);
    return new DataView(copy.buffer);
  }
}

function openOutput(cpu: number): FileDescriptor {
  const values = {
    type: perf_type_id.PERF_TYPE_SOFTWARE,
    config: perf_sw_ids.PERF_COUNT_SW_BPF_OUTPUT,
    sample_type: perf_event_sample_format.PERF_SAMPLE_RAW,
  };
  return openPerfEvent(values, cpu, `output event of CPU ${cpu}`);
}
