import { type Btf, type MapSpec, recordLayouts } from "@weir/bytecode";
import { decode, type Layout } from "@weir/bytecode/layout";
import { type BpfMap, PerfEventArray, RingBuffer } from "@weir/kernel";

/** A record that a program has written for user space. */
export interface WrittenRecord {
  /** Name of the map. */
  readonly map: string;
  readonly bytes: Uint8Array;
  /** What it is, where the object says what the map carries. */
  readonly decoded?: { readonly layout: Layout; readonly value: unknown };
}

/** Takes records out of a ring buffer or a perf event array. */
export class RecordReader implements Disposable {
  readonly map: BpfMap;
  readonly #name: string;
  readonly #ring: RingBuffer | PerfEventArray;
  #layouts: readonly Layout[] = [];

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

  /** From now on records are what an object with these types says. */
  decodeAs(btf: Btf | undefined): void {
    this.#layouts = btf === undefined ? [] : recordLayouts(btf, this.#name);
  }

  /** What has come since the last time. */
  take(): WrittenRecord[] {
    const records: WrittenRecord[] = [];
    this.#ring.drain((record) => void records.push(this.#record(record.slice())));
    return records;
  }

  #record(bytes: Uint8Array): WrittenRecord {
    // The kernel rounds up what is in a perf event array, so where there is one kind of record only, it may be shorter.
    const [only, ...others] = this.#layouts;
    const fitting = this.#layouts.filter(({ size }) => size === bytes.length);
    const layout = others.length === 0 ? only : fitting.length === 1 ? fitting[0] : undefined;
    if (layout === undefined || layout.size > bytes.length) return { map: this.#name, bytes };
    return { map: this.#name, bytes, decoded: { layout, value: decode(layout, new DataView(bytes.buffer)) } };
  }

  [Symbol.dispose](): void {
    this.#ring[Symbol.dispose]();
  }
}
