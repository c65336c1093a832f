import type { MapMemory } from "@weir/kernel";
import { CaptureChunk, CaptureRing } from "@weir/programs";
import type { CaptureCounts } from "../live-capture.ts";
import { randomBytes } from "../random-bytes.ts";
import { RingCursor } from "./ring-cursor.ts";

/** The memory of a capture, as the kernel program and this process share it. */
export interface SharedRings {
  readonly rings: MapMemory;
  readonly chunks: MapMemory;
  /** A power of two. */
  readonly chunksPerRing: number;
}

type RingField = Extract<keyof typeof CaptureRing.members, string>;

/** Words of 8 bytes. */
const RING_WORDS = CaptureRing.size / 8;

/** The rings of a capture, of which this process is the reader. */
export class CaptureRings {
  /** One for each CPU that has a ring. */
  readonly cursors: readonly RingCursor[];
  readonly #words: BigUint64Array<ArrayBuffer>;

  constructor({ rings, chunks, chunksPerRing }: SharedRings) {
    this.#words = new BigUint64Array(rings.buffer);
    const count = chunks.buffer.byteLength / CaptureChunk.size / chunksPerRing;
    const blocks = { words: new Int32Array(chunks.buffer), bytes: new Uint8Array(chunks.buffer), chunksPerRing };
    this.cursors = Array.from({ length: count }, (_, cpu) => {
      const chunk = this.#index(cpu, "chunk");
      return new RingCursor({ ...blocks, cpu, numbers: this.#words, chunk, freed: this.#index(cpu, "freed") });
    });
    for (let cpu = 0; cpu < this.#cpus; cpu++) this.#set(cpu, "random", randomBytes(8).readBigUInt64LE());
  }

  /** Says what to add to CLOCK_MONOTONIC to have nanoseconds since 1970. */
  setClockOffset(offset: bigint): void {
    for (let cpu = 0; cpu < this.#cpus; cpu++) this.#set(cpu, "clock_offset", offset);
  }

  /** Of each CPU, by its number. */
  counts(): CaptureCounts[] {
    return Array.from({ length: this.#cpus }, (_, cpu) => ({
      // The program counts a frame as seen first: read last, it never is less than what became of frames.
      captured: this.#get(cpu, "written"),
      ringFull: this.#get(cpu, "lost_full"),
      noRing: this.#get(cpu, "lost_no_ring"),
      uncopied: this.#get(cpu, "lost_uncopied"),
      otherVerdict: this.#get(cpu, "other_verdict"),
      sampledOut: this.#get(cpu, "sampled_out"),
      pastCount: this.#get(cpu, "past_count"),
      seen: this.#get(cpu, "seen"),
    }));
  }

  /** Frames that were put into the rings. */
  get captured(): bigint {
    return this.cursors.reduce((sum, { cpu }) => sum + this.#get(cpu, "written"), 0n);
  }

  /** CPUs that this machine could ever have. */
  get #cpus(): number {
    return this.#words.length / RING_WORDS;
  }

  #get(cpu: number, field: RingField): bigint {
    return Atomics.load(this.#words, this.#index(cpu, field));
  }

  #set(cpu: number, field: RingField, value: bigint): void {
    Atomics.store(this.#words, this.#index(cpu, field), BigInt.asUintN(64, value));
  }

  #index(cpu: number, name: RingField): number {
    const field = CaptureRing.fields.find((candidate) => candidate.name === name);
    if (field === undefined) throw new Error(`a ring has no field ${name}`);
    return cpu * RING_WORDS + field.offset / 8;
  }
}
