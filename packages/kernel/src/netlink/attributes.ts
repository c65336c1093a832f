import { NLA_F_NESTED, NLA_TYPE_MASK } from "../uapi/macros.ts";
import { nlattr } from "../uapi/netlink.generated.ts";
import { StructureView } from "../uapi/structure-view.ts";

/** One netlink attribute: its number and its bytes. */
export interface NetlinkAttribute {
  readonly type: number;
  readonly payload: Uint8Array;
  /** Whether the payload consists of attributes; the kernel does not always say so. */
  readonly nested?: boolean;
}

/** An attribute, and where in the bytes that it was read from it begins. */
export interface PlacedAttribute extends NetlinkAttribute {
  readonly offset: number;
}

/** Netlink aligns messages and attributes to 4 bytes. */
export function align(length: number): number {
  return Math.ceil(length / 4) * 4;
}

/** The bytes of attributes, one behind the other. */
export function encodeAttributes(attributes: readonly NetlinkAttribute[]): Uint8Array {
  const lengths = attributes.map(({ payload }) => align(nlattr.size + payload.length));
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const [index, { type, payload, nested }] of attributes.entries()) {
    new StructureView(nlattr, view, offset).assign({
      nla_len: nlattr.size + payload.length,
      nla_type: nested ? type | NLA_F_NESTED : type,
    });
    bytes.set(payload, offset + nlattr.size);
    offset += lengths[index] ?? 0;
  }
  return bytes;
}

/** The attributes in a stretch of bytes. A damaged one ends the list, as it does in the kernel (`nla_ok`). */
export function* decodeAttributes(bytes: Uint8Array): Generator<PlacedAttribute, void> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = 0; offset + nlattr.size <= bytes.length; ) {
    const header = new StructureView(nlattr, view, offset);
    const length = header.number("nla_len");
    if (length < nlattr.size || offset + length > bytes.length) return;
    const type = header.number("nla_type");
    const payload = bytes.subarray(offset + nlattr.size, offset + length);
    yield { type: type & NLA_TYPE_MASK, payload, nested: (type & NLA_F_NESTED) !== 0, offset };
    offset += align(length);
  }
}
