/** `struct btf_header`: where its words are. */
const TYPE_OFFSET = 8;
const TYPE_LENGTH = 12;
const STRING_OFFSET = 16;
const STRING_LENGTH = 20;

/**
 * What a BTF section has more than the one that it continues, as a module of the kernel has it: `whole` begins with the types and strings of
 * `base`.
 *
 * @example
 * ```ts
 * const kernel = new BtfBuilder();
 * kernel.add({ kind: "float", name: "half", size: 2 });
 * const base = kernel.build();
 * const module = new BtfBuilder(base);
 * module.add({ kind: "float", name: "quarter", size: 1 });
 * splitBtf(base, module.build()); // holds type 2 alone
 * ```
 */
export function splitBtf(base: Uint8Array, whole: Uint8Array): Uint8Array {
  const [less, more] = [viewOf(base), viewOf(whole)];
  const header = 24;
  const start = header + more.getUint32(TYPE_OFFSET, true);
  const types = whole.subarray(start + less.getUint32(TYPE_LENGTH, true), start + more.getUint32(TYPE_LENGTH, true));
  const stringStart = header + more.getUint32(STRING_OFFSET, true);
  const strings = whole.subarray(
    stringStart + less.getUint32(STRING_LENGTH, true),
    stringStart + more.getUint32(STRING_LENGTH, true),
  );
  const split = new Uint8Array([...whole.subarray(0, header), ...types, ...strings]);
  const view = viewOf(split);
  view.setUint32(TYPE_OFFSET, 0, true);
  view.setUint32(TYPE_LENGTH, types.length, true);
  view.setUint32(STRING_OFFSET, types.length, true);
  view.setUint32(STRING_LENGTH, strings.length, true);
  return split;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
