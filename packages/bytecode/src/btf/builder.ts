import { ByteWriter } from "../byte-writer.ts";
import { StringTable } from "../string-table.ts";
import { btfParts, parseBtf } from "./btf.ts";
import { encodeType } from "./encode-type.ts";
import { BTF_MAGIC, BTF_VERSION, BtfHeader } from "./format.ts";
import type { BtfType } from "./type.ts";

/**
 * Makes a BTF section. A type that is added twice is written once.
 *
 * @example
 * ```ts
 * const btf = new BtfBuilder();
 * const int = btf.add({ kind: "int", name: "int", size: 4, encoding: "signed" });
 * const prototype = btf.add({ kind: "function-prototype", type: int, parameters: [] });
 * btf.add({ kind: "function", name: "main", type: prototype, linkage: "global" }); // 3
 * ```
 */
export class BtfBuilder {
  readonly #types = new ByteWriter();
  readonly #strings: StringTable;
  readonly #ids = new Map<string, number>();
  #count = 1;

  /** `existing`: a BTF section to continue. Its types and strings keep their ids and offsets. */
  constructor(existing?: Uint8Array) {
    if (existing === undefined) {
      this.#strings = new StringTable();
      return;
    }
    const { types, strings } = btfParts(existing);
    this.#strings = new StringTable(strings.bytes);
    this.#types.append(types.bytes);
    this.#count = parseBtf(existing).count;
  }

  /** The id of the type. */
  add(type: BtfType): number {
    const words = encodeType(type, (text) => this.addString(text));
    const key = words.join(" ");
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    this.#types.words(words);
    this.#ids.set(key, this.#count);
    return this.#count++;
  }

  /** The offset of the string, for line info. */
  addString(text: string): number {
    return this.#strings.add(text);
  }

  /** The section as the kernel takes it (`BPF_BTF_LOAD`, Linux 4.18). */
  build(): Uint8Array {
    const types = this.#types.finish();
    const strings = this.#strings.build();
    const section = new ByteWriter();
    section.record(BtfHeader, {
      magic: BTF_MAGIC,
      version: BTF_VERSION,
      flags: 0,
      headerLength: BtfHeader.size,
      typeOffset: 0,
      typeLength: types.length,
      stringOffset: types.length,
      stringLength: strings.length,
    });
    section.append(types);
    section.append(strings);
    return section.finish();
  }
}
