import type * as language from "./language.ts";

function checkLength(length: number): void {
  if (!Number.isInteger(length) || length < 1)
    throw new RangeError(`a length must be a whole number from 1: ${length}`);
}

/**
 * `length` bytes; a `Uint8Array` when decoded.
 *
 * @example
 * ```ts
 * const EthernetHeader = struct({ destination: bytes(6), source: bytes(6), etherType: be16 });
 * ```
 * @throws {RangeError} when `length` is no whole number from 1
 */
export const bytes: typeof language.bytes = (length) => {
  checkLength(length);
  return Object.freeze({ kind: "bytes", length, size: length, alignment: 1 });
};

/**
 * `length` elements, one behind the other; an array when decoded.
 *
 * @example
 * ```ts
 * const Histogram = struct({ buckets: array(u64, 32) });
 * ```
 * @throws {RangeError} when `length` is no whole number from 1
 */
export const array: typeof language.array = (element, length) => {
  checkLength(length);
  return Object.freeze({ kind: "array", element, length, size: element.size * length, alignment: element.alignment });
};
