import { NLA_F_NESTED, NLA_TYPE_MASK } from "../uapi/macros.ts";
import { nlattr } from "../uapi/netlink.generated.ts";
import { StructureView } from "../uapi/structure-view.ts";

/** One netlink attribute: its number and its bytes. */
export interface NetlinkAttribute {
  readonly type: number;
  readonly payload: Uint8Array;
}

/** Netlink aligns messages and attributes to 4 bytes. */
export function align(length: number): number {
  return Math.ceil(length / 4) * 4;
}

export function numberAttribute(type: number, value: number): NetlinkAttribute {
  const payload = new Uint8Array(4);
  new DataView(payload.buffer).setUint32(0, value, true);
  return { type, payload };
}

export function textAttribute(type: number, text: string): NetlinkAttribute {
  return { type, payload: new TextEncoder().encode(`${text}\0`) };
}

export function nestedAttribute(type: number, attributes: readonly NetlinkAttribute[]): NetlinkAttribute {
  return { type: type | NLA_F_NESTED, payload: encodeAttributes(attributes) };
}

export function encodeAttributes(attributes: readonly NetlinkAttribute[]): Uint8Array {
  const lengths = attributes.map(({ payload }) => align(nlattr.size + payload.length));
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const [index, { type, payload }] of attributes.entries()) {
    new StructureView(nlattr, view, offset).assign({ nla_len: nlattr.size + payload.length, nla_type: type });
    bytes.set(payload, offset + nlattr.size);
    offset += lengths[index] ?? 0;
  }
  return bytes;
}

/** The attributes in a stretch of bytes, by number; a damaged one ends the list. */
export function decodeAttributes(bytes: Uint8Array): Map<number, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const attributes = new Map<number, Uint8Array>();
  for (let offset = 0; offset + nlattr.size <= bytes.length; ) {
    const header = new StructureView(nlattr, view, offset);
    const length = header.number("nla_len");
    if (length < nlattr.size || offset + length > bytes.length) break;
    attributes.set(header.number("nla_type") & NLA_TYPE_MASK, bytes.subarray(offset + nlattr.size, offset + length));
    offset += align(length);
  }
  return attributes;
}

/** An attribute's 1-, 2- or 4-byte number. */
export function attributeNumber(payload: Uint8Array): number {
  return payload.reduceRight((number, byte) => number * 256 + byte, 0);
}

/** An attribute's text, without the zero byte that ends it. */
export function attributeText(payload: Uint8Array): string {
  const end = payload.indexOf(0);
  return new TextDecoder().decode(end < 0 ? payload : payload.subarray(0, end));
}
