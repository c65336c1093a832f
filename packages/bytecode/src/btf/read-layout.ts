import {
  array,
  be16,
  be32,
  be64,
  bool,
  bytes,
  i8,
  i16,
  i32,
  i64,
  type Layout,
  type LayoutField,
  spinLock,
  timer,
  u8,
  u16,
  u32,
  u64,
} from "../layout/index.ts";
import type { Btf } from "./btf.ts";
import type { BtfMember, BtfType } from "./type.ts";

const unsigned: Readonly<Record<number, Layout>> = { 1: u8, 2: u16, 4: u32, 8: u64 };
const signed: Readonly<Record<number, Layout>> = { 1: i8, 2: i16, 4: i32, 8: i64 };
/** BTF has no byte order: it is in the names of types, weir's and the kernel's. */
const bigEndian: Readonly<Record<string, Layout>> = {
  be16,
  be32,
  be64,
  __be16: be16,
  __be32: be32,
  __be64: be64,
};

/** What the kernel finds in the values of maps, by its names. */
const kernelOwned: Readonly<Record<string, Layout>> = { bpf_spin_lock: spinLock, bpf_timer: timer };

/**
 * How a value of a type lies in memory: the way back from `btfOfLayout`, for types of any compiler. What has no layout (unions,
 * bit fields, floating point) is the bytes that it takes; undefined for what takes none.
 *
 * @example
 * ```ts
 * const btf = parseBtf(readFileSync("/sys/kernel/btf/vmlinux"));
 * const layout = layoutOfBtf(btf, btf.find("struct", "xdp_md")?.id ?? 0);
 * ```
 */
export function layoutOfBtf(btf: Btf, id: number): Layout | undefined {
  const size = btf.sizeOf(id);
  return size === 0 ? undefined : layoutOf(btf, btf.type(id), size);
}

function layoutOf(btf: Btf, type: BtfType, size: number): Layout {
  switch (type.kind) {
    case "typedef":
      return bigEndian[type.name] ?? layoutOf(btf, btf.type(type.type), size);
    case "const":
    case "volatile":
    case "restrict":
    case "type-tag":
    case "variable":
      return layoutOf(btf, btf.type(type.type), size);
    case "int":
      if (type.encoding === "bool" && size === bool.size) return bool;
      return (type.encoding === "signed" ? signed : unsigned)[size] ?? bytes(size);
    case "enum":
    case "enum64":
      return (type.signed ? signed : unsigned)[size] ?? bytes(size);
    case "pointer":
      return u64;
    case "array": {
      const element = layoutOfBtf(btf, type.type);
      return element === undefined || element.size === 1 ? bytes(size) : array(element, type.length);
    }
    case "struct":
      return kernelOwned[type.name] ?? record(btf, type.members, size) ?? bytes(size);
    default:
      return bytes(size);
  }
}

function record(btf: Btf, members: readonly BtfMember[], size: number): Layout | undefined {
  const fields: LayoutField[] = [];
  for (const { name, type, bitOffset, bitSize } of members) {
    const layout = bitSize === undefined && bitOffset % 8 === 0 ? layoutOfBtf(btf, type) : undefined;
    const offset = bitOffset / 8;
    // The names of fields become names of properties; parts without a name, and what lies outside, cannot be read as fields.
    const isField = /^[A-Za-z_]\w*$/.test(name) && name !== "__proto__";
    if (layout === undefined || !isField || offset + layout.size > size) return undefined;
    fields.push(Object.freeze({ name, offset, layout }));
  }
  if (fields.length === 0 || new Set(fields.map(({ name }) => name)).size < fields.length) return undefined;
  const alignment = Math.max(...fields.map(({ layout }) => layout.alignment));
  const membersByName = Object.freeze(Object.fromEntries(fields.map(({ name, layout }) => [name, layout])));
  return Object.freeze({ kind: "struct", members: membersByName, fields: Object.freeze(fields), size, alignment });
}
