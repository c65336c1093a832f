import { ByteReader } from "../byte-reader.ts";
import { encodeUtf8 } from "../utf8.ts";
import { decodeType, typeSize } from "./decode-type.ts";
import { BTF_MAGIC, BTF_VERSION, BtfHeader } from "./format.ts";
import { kindShapes } from "./kinds.ts";
import type { BtfKind, BtfType } from "./type.ts";

/**
 * Types that BTF describes, with their names. A type is decoded when it is asked for: the kernel's own BTF has 100,000.
 *
 * @example
 * ```ts
 * const btf = parseBtf(readFileSync("/sys/kernel/btf/vmlinux"));
 * btf.find("struct", "xdp_md")?.type.size; // 24
 * ```
 */
export class Btf {
  readonly #types: ByteReader;
  readonly #strings: ByteReader;
  /** What this continues; undefined for what stands for itself. */
  readonly #base: Btf | undefined;
  /** Ids below, and offsets of strings below, are the base's. */
  readonly #firstId: number;
  readonly #firstString: number;
  /** Where each type begins, by id less the first one. */
  readonly #offsets: readonly number[];

  constructor(types: ByteReader, strings: ByteReader, base?: Btf) {
    this.#types = types;
    this.#strings = strings;
    this.#base = base;
    this.#firstId = base?.count ?? 0;
    this.#firstString = base === undefined ? 0 : base.#firstString + base.#strings.length;
    // Type 0 is void and has no place of its own.
    const offsets = base === undefined ? [0] : [];
    for (let at = 0; at < types.length; at += typeSize(types, at)) offsets.push(at);
    this.#offsets = offsets;
  }

  /** Number of types, `void` (id 0) and those of the base included: ids go up to `count - 1`. */
  get count(): number {
    return this.#firstId + this.#offsets.length;
  }

  /** @throws {ObjectError} when there is no type with this id. */
  type(id: number): BtfType {
    if (id === 0) return { kind: "void" };
    if (this.#base !== undefined && id < this.#firstId) return this.#base.type(id);
    const offset = this.#offsets[id - this.#firstId];
    if (offset === undefined) throw this.#types.error(`has no type ${id}; it has ${this.count}`);
    return decodeType(this.#types, offset, (at) => this.string(at));
  }

  /** The string at an offset, as line info and types name it. */
  string(offset: number): string {
    if (this.#base !== undefined && offset < this.#firstString) return this.#base.string(offset);
    return this.#strings.text(offset - this.#firstString);
  }

  /**
   * The first type of this kind and name, with this id or a higher one: `base.count` leaves out what a base has.
   *
   * @example
   * ```ts
   * parseBtf(readFileSync("/sys/kernel/btf/vmlinux")).find("struct", "xdp_md")?.type.size; // 24
   * ```
   */
  find<Kind extends BtfKind>(
    kind: Kind,
    name: string,
    from = 1,
  ): { id: number; type: BtfType & { kind: Kind } } | undefined {
    const inBase = from < this.#firstId ? this.#base?.find(kind, name, from) : undefined;
    if (inBase !== undefined) return inBase;
    const code = kindShapes.findIndex((shape) => shape.kind === kind);
    const wanted = encodeUtf8(`${name}\0`);
    for (let id = Math.max(from, this.#firstId, 1); id < this.count; id++) {
      const at = this.#offsets[id - this.#firstId] ?? 0;
      if (((this.#types.u32(at + 4) >>> 24) & 0x1f) !== code) continue;
      if (!this.#isAt(this.#types.u32(at), wanted)) continue;
      // Its kind is the one looked for: compared above.
      return { id, type: this.type(id) as BtfType & { kind: Kind } };
    }
    return undefined;
  }

  /**
   * The ids of the types whose names begin with this one and either end there or go on with `___`, as those do that stand for a
   * type of the same name in another version of the kernel. Those with a lower id than `from` are left out.
   */
  idsNamed(name: string, from = 1): number[] {
    const wanted = encodeUtf8(name);
    const [end, flavour] = [encodeUtf8("\0"), encodeUtf8("___")];
    const ids = from < this.#firstId ? (this.#base?.idsNamed(name, from) ?? []) : [];
    for (let id = Math.max(from, this.#firstId, 1); id < this.count; id++) {
      const start = this.#types.u32(this.#offsets[id - this.#firstId] ?? 0);
      if (!this.#isAt(start, wanted)) continue;
      const behind = start + wanted.length;
      if (this.#isAt(behind, end) || this.#isAt(behind, flavour)) ids.push(id);
    }
    return ids;
  }

  /** Whether the strings go on with this text at an offset. A loop, because the kernel has 100,000 types to compare. */
  #isAt(start: number, text: Uint8Array): boolean {
    if (this.#base !== undefined && start < this.#firstString) return this.#base.#isAt(start, text);
    const first = start - this.#firstString;
    for (let index = 0; index < text.length; index++) {
      if (text[index] !== this.#strings.bytes[first + index]) return false;
    }
    return true;
  }

  /** The type behind typedefs and qualifiers, and its id. */
  bare(id: number): { readonly id: number; readonly type: BtfType } {
    let at = id;
    // A chain longer than the number of types goes in a circle.
    for (let steps = 0; steps < this.count; steps++) {
      const type = this.type(at);
      switch (type.kind) {
        case "typedef":
        case "const":
        case "volatile":
        case "restrict":
        case "type-tag":
          at = type.type;
          break;
        default:
          return { id: at, type };
      }
    }
    return { id: at, type: { kind: "void" } };
  }

  /** Bytes that a value of the type takes; 0 for `void` and functions. */
  sizeOf(id: number): number {
    let factor = 1;
    let next = id;
    // A chain longer than the number of types goes in a circle.
    for (let steps = 0; steps < this.count; steps++) {
      const type = this.type(next);
      switch (type.kind) {
        case "pointer":
          return 8 * factor;
        case "array":
          factor *= type.length;
          next = type.type;
          break;
        case "typedef":
        case "type-tag":
        case "volatile":
        case "const":
        case "restrict":
        case "variable":
          next = type.type;
          break;
        default:
          return "size" in type ? type.size * factor : 0;
      }
    }
    throw this.#types.error(`has a type ${id} that contains itself`);
  }
}

/**
 * Reads a BTF section, or the kernel's own types from `/sys/kernel/btf/vmlinux`.
 *
 * @example
 * ```ts
 * parseBtf(readFileSync("/sys/kernel/btf/vmlinux")).count; // about 100,000
 * ```
 * @throws {ObjectError} for damaged data and for kinds of types that did not exist in Linux 6.18.
 */
export function parseBtf(bytes: Uint8Array, offset = 0): Btf {
  const parts = btfParts(bytes, offset);
  if (parts.strings.bytes[0] !== 0) throw parts.strings.error("do not begin with the empty string");
  return new Btf(parts.types, parts.strings);
}

/**
 * Reads BTF that continues another one, as a module of the kernel has it: its ids, and its offsets of strings, go on where the base's end.
 *
 * @example
 * ```ts
 * const kernel = parseBtf(readFileSync("/sys/kernel/btf/vmlinux"));
 * const module = parseSplitBtf(readFileSync("/sys/kernel/btf/nf_conntrack"), kernel);
 * module.find("function", "bpf_ct_release", kernel.count)?.id; // more than kernel.count
 * ```
 * @throws {ObjectError} for damaged data and for kinds of types that did not exist in Linux 6.18.
 */
export function parseSplitBtf(bytes: Uint8Array, base: Btf): Btf {
  const parts = btfParts(bytes);
  return new Btf(parts.types, parts.strings, base);
}

/** The two halves of a BTF section; `offset` is where it lies in its file, for messages. */
export function btfParts(bytes: Uint8Array, offset = 0): { types: ByteReader; strings: ByteReader } {
  const section = new ByteReader(bytes, "the BTF section", offset);
  const header = section.record(BtfHeader, 0);
  if (header.magic !== BTF_MAGIC) throw section.error(`begins with ${header.magic.toString(16)}, not with eb9f`);
  if (header.version !== BTF_VERSION)
    throw section.error(`has version ${header.version}; only ${BTF_VERSION} is known`);
  const start = header.headerLength;
  const types = section.part("the BTF types", start + header.typeOffset, header.typeLength);
  const strings = section.part("the BTF strings", start + header.stringOffset, header.stringLength);
  return { types, strings };
}
