import { CaptureChunk } from "@weir/programs";
import { RingCursor } from "../../../src/live-capture/ring-cursor.ts";

const CHUNK_WORDS = CaptureChunk.size / 4;
const HEAD_WORDS = 2;

/** Rings in plain memory, written as the kernel program does it, with chunks that are full after a kilobyte or so. */
export class RingMemory {
  readonly cursors: readonly RingCursor[];
  readonly #words: Int32Array<ArrayBuffer>;
  /** Of each ring: the number of the chunk that is filled, and how many are free again. */
  readonly #numbers: BigUint64Array<ArrayBuffer>;
  readonly #chunksPerRing: number;
  readonly #lastStart: number;

  /** @param lastStart bytes of a chunk after which the next block goes into the next one */
  constructor(cpus: number, chunksPerRing: number, lastStart = 1000) {
    this.#words = new Int32Array(cpus * chunksPerRing * CHUNK_WORDS);
    this.#numbers = new BigUint64Array(cpus * 2);
    this.#chunksPerRing = chunksPerRing;
    this.#lastStart = lastStart;
    const shared = { words: this.#words, bytes: new Uint8Array(this.#words.buffer), numbers: this.#numbers };
    this.cursors = Array.from(
      { length: cpus },
      (_, cpu) => new RingCursor({ ...shared, cpu, chunksPerRing, chunk: cpu * 2, freed: cpu * 2 + 1 }),
    );
  }

  /** Writes a block of 16 words with a time and a number; false when the ring is full. */
  write(cpu: number, time: bigint, number: number): boolean {
    let chunk = this.#numbers[cpu * 2] ?? 0n;
    if (this.#endOf(cpu, chunk) > this.#lastStart) {
      if (chunk - (this.#numbers[cpu * 2 + 1] ?? 0n) >= BigInt(this.#chunksPerRing - 1)) return false;
      chunk += 1n;
      this.#words[this.#startOf(cpu, chunk)] = 0;
      this.#numbers[cpu * 2] = chunk;
    }
    const end = this.#endOf(cpu, chunk);
    const at = this.#startOf(cpu, chunk) + HEAD_WORDS + end / 4;
    const block = [6, 64, 0, Number(time >> 32n), Number(time & 0xffff_ffffn), 4, 4, number];
    this.#words.set([...block, 0, 0, 0, 0, 0, 0, 0, 64], at);
    this.#words[this.#startOf(cpu, chunk)] = end + 64;
    return true;
  }

  #startOf(cpu: number, chunk: bigint): number {
    return (cpu * this.#chunksPerRing + Number(chunk % BigInt(this.#chunksPerRing))) * CHUNK_WORDS;
  }

  #endOf(cpu: number, chunk: bigint): number {
    return this.#words[this.#startOf(cpu, chunk)] ?? 0;
  }
}

/** The numbers of the blocks in a piece. */
export function numbersIn(piece: Uint8Array): number[] {
  const words = new DataView(piece.buffer, piece.byteOffset, piece.length);
  return Array.from({ length: piece.length / 64 }, (_, index) => words.getUint32(index * 64 + 28, true));
}
