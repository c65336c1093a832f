import { type Decoded, decode, encode, type Layout } from "@weir/bytecode/layout";

/** The bytes of a value. */
export function encoded<L extends Layout>(layout: L, value: Decoded<L>): Uint8Array {
  const bytes = new Uint8Array(layout.size);
  encode(layout, value, new DataView(bytes.buffer));
  return bytes;
}

/** The value that bytes are. */
export function decoded<L extends Layout>(layout: L, bytes: Uint8Array): Decoded<L> {
  return decode(layout, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}
