import type { StandardError } from "../sampling.ts";
import { Column } from "./column.ts";

/** Words of a record of map `XDP_SAMPLES`: its layout is `FlowSamples` of @weir/programs. */
export const SAMPLE_WORDS = 8;
const PACKET_VARIANCE = 2;
const BYTE_VARIANCE = 4;

/** What is known of the estimates in rows: how many packets were sampled, and the variances. */
export class SampleColumns {
  readonly sampled = new Column(0);
  readonly packetVariance = new Column(0);
  /** 128 bits in the kernel; of a standard error nobody needs more digits than a double has. */
  #byteVariance = new Float64Array(0);

  /** Makes room for so many rows. */
  grow(rows: number): void {
    this.sampled.grow(rows);
    this.packetVariance.grow(rows);
    const grown = new Float64Array(rows);
    grown.set(this.#byteVariance);
    this.#byteVariance = grown;
  }

  /** Begins a row with 0: what is left of an earlier use is in it. */
  clear(row: number): void {
    this.sampled.clear(row);
    this.packetVariance.clear(row);
    this.#byteVariance[row] = 0;
  }

  /** Adds the record at `at` in `source`. */
  add(row: number, source: Uint32Array, at: number): void {
    this.sampled.add(row, source, at);
    this.packetVariance.add(row, source, at + PACKET_VARIANCE);
    let value = 0;
    for (let word = SAMPLE_WORDS - 1; word >= BYTE_VARIANCE; word--) value = value * 2 ** 32 + (source[at + word] ?? 0);
    this.#byteVariance[row] = (this.#byteVariance[row] ?? 0) + value;
  }

  byteVariance(row: number): number {
    return this.#byteVariance[row] ?? 0;
  }

  standardError(row: number): StandardError {
    return { packets: Math.sqrt(this.packetVariance.number(row)), bytes: Math.sqrt(this.byteVariance(row)) };
  }
}
