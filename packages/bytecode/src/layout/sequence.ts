import type * as language from "./language.ts";

function checkLength(length: number): void {
  if (!Number.isInteger(length) || length < 1)
    throw new RangeError(`a length must be a whole number from 1: ${length}`);
}

export const bytes: typeof language.bytes = (length) => {
  checkLength(length);
  return Object.freeze({ kind: "bytes", length, size: length, alignment: 1 });
};

export const array: typeof language.array = (element, length) => {
  checkLength(length);
  return Object.freeze({ kind: "array", element, length, size: element.size * length, alignment: element.alignment });
};
