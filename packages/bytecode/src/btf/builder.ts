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
  /** The words of each type, by id - 1. */
  readonly #types: (readonly number[])[] = [];
  readonly #strings: StringTable;
  readonly #ids = new Map<string, number>();

  /** `existing`: a BTF section to continue. Its types and strings keep their ids and offsets. */
  constructor(existing?: Uint8Array) {
    this.#strings = new StringTable(existing && btfParts(existing).strings.bytes);
    if (existing === undefined) return;
    const btf = parseBtf(existing);
    for (let id = 1; id < btf.count; id++) this.add(btf.type(id), id);
  }

  /**
   * The id of the type.
   *
   * @param replaces id of a type whose place this one takes.
   */
  add(type: BtfType, replaces?: number): number {
    const words = encodeType(type, (text) => this.addString(text));
    const key = words.join(" ");
    const id = replaces ?? this.#ids.get(key) ?? this.#types.length + 1;
    this.#types[id - 1] = words;
    if (!this.#ids.has(key)) this.#ids.set(key, id);
    return id;
  }

  /** The offset of the string, for line info. */
  addString(text: string): number {
    return this.#strings.add(text);
  }

  /** The section as the kernel takes it (`BPF_BTF_LOAD`, Linux 4.18). */
  build(): Uint8Array {
    const strings = this.#strings.build();
    const words = this.#types.flat();
    const section = new ByteWriter();
    section.record(BtfHeader, {
      magic: BTF_MAGIC,
      version: BTF_VERSION,
      flags: 0,
      headerLength: BtfHeader.size,
      typeOffset: 0,
      typeLength: words.length * 4,
      stringOffset: words.length * 4,
      stringLength: strings.length,
    });
    section.words(words);
    section.append(strings);
    return section.finish();
  }
}
