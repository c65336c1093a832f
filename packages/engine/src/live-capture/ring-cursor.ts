import { CaptureChunk } from "@weir/programs";

/** Where a ring is in the memory that the kernel program and this process share. */
export interface RingMemory {
  readonly cpu: number;
  /** The chunks of all rings. */
  readonly words: Int32Array<ArrayBuffer>;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** A power of two. */
  readonly chunksPerRing: number;
  /** Numbers of all rings, and at which place the number of the chunk that is filled is, and of those that are free again. */
  readonly numbers: BigUint64Array<ArrayBuffer>;
  readonly chunk: number;
  readonly freed: number;
}

const CHUNK_WORDS = CaptureChunk.size / 4;
/** The end of a chunk's blocks, and padding. */
const HEAD_WORDS = 2;
/** Words into an Enhanced Packet Block. */
const [LENGTH, TIME_HIGH, TIME_LOW] = [1, 3, 4];
const UPPER_WORD = 2 ** 32;
const FEW_WORDS = 128;

/**
 * How far the ring of one CPU has been read.
 *
 * The program writes a block, then the end of its chunk, then, when the chunk is full, the number of the next one. Here the
 * number is read first and the end after it: so the end of a chunk before that number is its last one, and what lies before the
 * end is complete. `Atomics` gives the order on CPUs that do not keep it by themselves.
 */
export class RingCursor {
  readonly cpu: number;
  readonly #memory: RingMemory;
  /** How many chunks were read to their end. */
  #chunk = 0n;
  /** Words: where the chunk's blocks begin, where the next block does, and the end of those that are known. */
  #start: number;
  #at: number;
  #end: number;

  constructor(memory: RingMemory) {
    this.cpu = memory.cpu;
    this.#memory = memory;
    this.#start = this.#startOf(0n);
    this.#at = this.#start;
    this.#end = this.#start;
  }

  /** Whether there is a block to read. A chunk that was read to its end is given back to the program. */
  look(): boolean {
    if (this.#at < this.#end) return true;
    const { numbers, chunk, freed, words } = this.#memory;
    for (const filling = Atomics.load(numbers, chunk); ; ) {
      this.#end = this.#start + Atomics.load(words, this.#start - HEAD_WORDS) / 4;
      if (this.#at < this.#end) return true;
      if (this.#chunk === filling) return false;
      this.#chunk += 1n;
      this.#start = this.#startOf(this.#chunk);
      this.#at = this.#start;
      this.#end = this.#start;
      // Its bytes were read before this, so that the program may overwrite them.
      Atomics.store(numbers, freed, this.#chunk);
    }
  }

  /** The rest of the chunk, as far as it is known: whole blocks. */
  rest(): Uint8Array<ArrayBuffer> {
    return this.#memory.bytes.subarray(this.#at * 4, this.#end * 4);
  }

  /** Says that the rest is read. */
  takeRest(): void {
    this.#at = this.#end;
  }

  /** The time of the next block: nanoseconds after `origin * 2^32`, exact as long as that is not years ago. */
  time(origin: number): number {
    const { words } = this.#memory;
    const high = (words[this.#at + TIME_HIGH] ?? 0) >>> 0;
    return (high - origin) * UPPER_WORD + ((words[this.#at + TIME_LOW] ?? 0) >>> 0);
  }

  /**
   * Copies the next blocks of the chunk, while they are not later than a time and there is room.
   *
   * @param at words into the target
   * @returns words; 0 when there is no room for the first one
   */
  copyUntil(latest: number, origin: number, target: Int32Array, at: number): number {
    const { words } = this.#memory;
    const from = this.#at;
    const room = from + target.length - at;
    for (let next = from; next < this.#end && this.time(origin) <= latest; ) {
      next += (words[next + LENGTH] ?? 0) >> 2;
      if (next > room) break;
      this.#at = next;
    }
    const count = this.#at - from;
    // A single small block is the usual case, and a call takes longer than it.
    if (count > FEW_WORDS) target.set(words.subarray(from, this.#at), at);
    else for (let word = 0; word < count; word++) target[at + word] = words[from + word] ?? 0;
    return count;
  }

  #startOf(number: bigint): number {
    const { cpu, chunksPerRing } = this.#memory;
    return (cpu * chunksPerRing + Number(number % BigInt(chunksPerRing))) * CHUNK_WORDS + HEAD_WORDS;
  }
}
