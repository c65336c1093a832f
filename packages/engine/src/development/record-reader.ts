import type { MapSpec } from "@weir/bytecode";
import { type BpfMap, PerfEventArray, RingBuffer } from "@weir/kernel";

/** A record that a program has written for user space. */
export interface WrittenRecord {
  /** Name of the map. */
  readonly map: string;
  readonly bytes: Uint8Array;
}

/** Takes records out of a ring buffer or a perf event array. */
export class RecordReader implements Disposable {
  readonly map: BpfMap;
  readonly #name: string;
  readonly #ring: RingBuffer | PerfEventArray;

  private constructor(map: BpfMap, name: string, ring: RingBuffer | PerfEventArray) {
    this.map = map;
    this.#name = name;
    this.#ring = ring;
  }

  /** Undefined for maps of other types. */
  static of(map: BpfMap, { name, type }: MapSpec): RecordReader | undefined {
    if (type === "ring-buffer") return new RecordReader(map, name, RingBuffer.of(map));
    if (type === "perf-event-array") return new RecordReader(map, name, new PerfEventArray(map));
    return undefined;
  }

  /** What has come since the last time. */
  take(): WrittenRecord[] {
    const records: WrittenRecord[] = [];
    this.#ring.drain((record) => void records.push({ map: this.#name, bytes: record.slice() }));
    return records;
  }

  [Symbol.dispose](): void {
    this.#ring[Symbol.dispose]();
  }
}
