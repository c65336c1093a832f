import { PAGE_WORDS } from "@weir/programs/sets";
import { OWN_FORMAT } from "./set-format.ts";

const PAGE_BYTES = PAGE_WORDS * 8;
/** The header's first words are the kernel program's; from here on it is user space's, in numbers of 32 bits. */
const OWN_AT = 64;

/**
 * The memory of a set: the elements of its map, which the kernel program reads while it is written here. What the program follows, a word
 * of 64 bits, is changed by one store (`publish`), which orders all that was written before it.
 */
export class SetMemory {
  /** All of it, as halves of words: the lower half of word N is number 2 N. */
  readonly halves: Uint32Array<ArrayBufferLike>;
  readonly words: BigUint64Array<ArrayBufferLike>;

  /** @throws {RangeError} when the memory does not consist of whole pages of words */
  constructor(memory: Uint8Array) {
    const { buffer, byteOffset, byteLength } = memory;
    if (byteOffset % 8 !== 0 || byteLength === 0 || byteLength % PAGE_BYTES !== 0) {
      throw new RangeError(
        `the memory of a set is whole pages of ${PAGE_BYTES} bytes, aligned to 8: not ${byteLength} bytes at ${byteOffset}`,
      );
    }
    this.halves = new Uint32Array(buffer, byteOffset, byteLength / 4);
    this.words = new BigUint64Array(buffer, byteOffset, byteLength / 8);
  }

  get pages(): number {
    return this.words.length / PAGE_WORDS;
  }

  /** A word of the header that the program reads, as a number. */
  header(word: number): number {
    return this.halves[word * 2] ?? 0;
  }

  setHeader(word: number, value: bigint): void {
    this.words[word] = value;
  }

  /** A number of the header that user space keeps. */
  own(field: number): number {
    return this.halves[OWN_AT + field] ?? 0;
  }

  setOwn(field: number, value: number): void {
    this.halves[OWN_AT + field] = value;
  }

  /**
   * Stores a word that the program may be reading, after all that was written before: `Atomics` orders stores on arm64, where the program's loads follow each other by their addresses.
   */
  publish(word: number, high: number, low: number): void {
    Atomics.store(this.words, word, (BigInt(high) << 32n) | BigInt(low));
  }
}

/** @throws {RangeError} when the memory holds no set with this format */
export function checkFormat(memory: SetMemory, format: number, what: string): void {
  const found = memory.own(OWN_FORMAT);
  if (found === format) return;
  const number = found.toString(16);
  throw new RangeError(
    found === 0
      ? `the memory holds no set: ${what} has to be built in it first`
      : `the memory does not hold ${what} as this version of weir makes them (its mark is 0x${number}): make the set anew`,
  );
}
