import { ByteWriter } from "./byte-writer.ts";
import { ObjectError } from "./object-error.ts";
import { decodeUtf8, encodeUtf8 } from "./utf8.ts";

/** Names one behind the other, each with a zero byte behind it, each once; the empty name is at 0 (ELF and BTF alike). */
export class StringTable {
  readonly #bytes = new ByteWriter();
  readonly #offsets = new Map<string, number>();

  /** `existing`: bytes to continue. What stands in them keeps its place. */
  constructor(existing: Uint8Array = Uint8Array.of(0)) {
    this.#bytes.append(existing);
    for (let at = 0; at < existing.length; ) {
      const end = existing.indexOf(0, at);
      if (end === -1) throw new ObjectError("the string table ends inside a string", at);
      const text = decodeUtf8(existing.subarray(at, end));
      if (!this.#offsets.has(text)) this.#offsets.set(text, at);
      at = end + 1;
    }
  }

  /** The offset of `text` in the table. */
  add(text: string): number {
    const known = this.#offsets.get(text);
    if (known !== undefined) return known;
    if (text.includes("\0"))
      throw new TypeError(`a name in an object cannot hold a zero byte: ${JSON.stringify(text)}`);
    const offset = this.#bytes.append(encodeUtf8(`${text}\0`));
    this.#offsets.set(text, offset);
    return offset;
  }

  build(): Uint8Array {
    return this.#bytes.finish();
  }
}
