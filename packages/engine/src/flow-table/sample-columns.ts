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
  /** What the packets stand for that were sampled and dropped. */
  readonly drops = new Column(0);
  /** 128 bits in the kernel; of a standard error nobody needs more digits than a double has. */
  #byteVariance = new Float64Array(0);

  /** Makes room for so many rows. */
  grow(rows: number): void {
    this.sampled.grow(rows);
    this.packetVariance.grow(rows);
    this.drops.grow(rows);
    const grown = new Float64Array(rows);
    grown.set(this.#byteVariance);
    this.#byteVariance = grown;
  }

  /** Sets a row to the record at `at` in `source`. */
  put(row: number, source: Uint32Array, at: number): void {
    this.sampled.put(row, source, at);
    this.packetVariance.put(row, source, at + PACKET_VARIANCE);
    let value = 0;
    for (let word = SAMPLE_WORDS - 1; word >= BYTE_VARIANCE; word--) value = value * 2 ** 32 + (source[at + word] ?? 0);
    this.#byteVariance[row] = value;
  }

  /** Sets a row to what is known where each packet was looked at. @param at of the number of packets in `source` */
  putExact(row: number, source: Uint32Array, at: number): void {
    this.sampled.put(row, source, at);
    this.packetVariance.clear(row);
    this.#byteVariance[row] = 0;
  }

  /** Of the packets of a row that were sampled, some were dropped: each stands for as many as the others do. */
  putDrops(row: number, dropped: number, packets: number): void {
    this.drops.set(row, Math.round(dropped * (packets / this.sampled.number(row))));
  }

  /** Adds what a row has to another one, and sets it to 0; but for drops. */
  move(row: number, other: number): void {
    this.sampled.move(row, other);
    this.packetVariance.move(row, other);
    this.#byteVariance[other] = this.byteVariance(other) + this.byteVariance(row);
    this.#byteVariance[row] = 0;
  }

  byteVariance(row: number): number {
    return this.#byteVariance[row] ?? 0;
  }

  standardError(row: number): StandardError {
    return { packets: Math.sqrt(this.packetVariance.number(row)), bytes: Math.sqrt(this.byteVariance(row)) };
  }
}
