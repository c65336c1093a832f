/** What a packet's parts may be given as: bytes, text (UTF-8), or a number of zero bytes. */
export type BytesLike = Uint8Array | readonly number[] | string | number;

/** The bytes that a `BytesLike` stands for. */
export function toBytes(data: BytesLike): Uint8Array {
  if (typeof data === "string") return new TextEncoder().encode(data);
  if (typeof data === "number") return new Uint8Array(data);
  return Uint8Array.from(data);
}

/** The parts one after the other. */
export function concatenate(...parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}

/** `bytes` with zero bytes behind it, up to the next multiple of `unit`. */
export function padToMultiple(bytes: Uint8Array, unit: number): Uint8Array {
  return concatenate(bytes, new Uint8Array((unit - (bytes.length % unit)) % unit));
}
