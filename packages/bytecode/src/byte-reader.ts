import type { Decoded, StructLayout } from "./layout/index.ts";
import { decode } from "./layout/index.ts";
import { ObjectError } from "./object-error.ts";
import { decodeUtf8 } from "./utf8.ts";

/** A part of a file, read with bounds checks. Its errors name the part and the offset in the whole file. */
export class ByteReader {
  readonly bytes: Uint8Array;
  /** What the part is, for messages: `"the symbol table"`. */
  readonly what: string;
  /** Where the part begins in the whole file. */
  readonly offset: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, what: string, offset = 0) {
    this.bytes = bytes;
    this.what = what;
    this.offset = offset;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  error(problem: string, at = 0): ObjectError {
    return new ObjectError(`${this.what} ${problem}`, this.offset + at);
  }

  part(what: string, at: number, length: number): ByteReader {
    this.#check(at, length, what);
    return new ByteReader(this.bytes.subarray(at, at + length), what, this.offset + at);
  }

  u32(at: number): number {
    this.#check(at, 4, "a number");
    return this.#view.getUint32(at, true);
  }

  record<L extends StructLayout>(layout: L, at: number): Decoded<L> {
    this.#check(at, layout.size, "a record");
    return decode(layout, this.#view, at);
  }

  /** All of the part, as records one behind the other. */
  records<L extends StructLayout>(layout: L): Decoded<L>[] {
    if (this.length % layout.size !== 0) throw this.error(`is no whole number of ${layout.size}-byte records`);
    return Array.from({ length: this.length / layout.size }, (_, index) =>
      decode(layout, this.#view, index * layout.size),
    );
  }

  /** The text up to the next zero byte. */
  text(at: number): string {
    this.#check(at, 1, "a name");
    const end = this.bytes.indexOf(0, at);
    if (end === -1) throw this.error("holds a name without an end", at);
    return decodeUtf8(this.bytes.subarray(at, end));
  }

  #check(at: number, length: number, what: string): void {
    if (at + length > this.length) {
      throw this.error(`ends after ${this.length} bytes, but ${what} of ${length} bytes is said to be at ${at}`, at);
    }
  }
}
