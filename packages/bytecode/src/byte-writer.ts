import type { Decoded, StructLayout } from "./layout/index.ts";
import { encode } from "./layout/index.ts";

/** Bytes that grow as they are written. */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Returns the offset at which the bytes begin. */
  append(bytes: Uint8Array): number {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
    return at;
  }

  words(words: readonly number[]): number {
    const at = this.#grow(words.length * 4);
    const view = new DataView(this.#bytes.buffer);
    for (const [index, word] of words.entries()) view.setUint32(at + index * 4, word, true);
    return at;
  }

  record<L extends StructLayout>(layout: L, value: Decoded<L>): number {
    const at = this.#grow(layout.size);
    encode(layout, value, new DataView(this.#bytes.buffer), at);
    return at;
  }

  /** Fills up with zeros to a multiple of `alignment`. */
  align(alignment: number): void {
    this.#grow(-this.#length & (alignment - 1));
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #grow(length: number): number {
    const at = this.#length;
    this.#length += length;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(this.#length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return at;
  }
}
