import { readFileSync } from "node:fs";

/** `linux/auxvec.h`: what a word of `/proc/self/auxv` is. */
const AT_PAGESZ = 6n;
const PAIR = 16;

let known: number | undefined;

/** Bytes of a page of memory: 4096, and up to 65,536 on arm64. */
export function pageSize(): number {
  known ??= readPageSize();
  return known;
}

function readPageSize(): number {
  const vector = readFileSync("/proc/self/auxv");
  for (let at = 0; at + PAIR <= vector.length; at += PAIR) {
    if (vector.readBigUInt64LE(at) === AT_PAGESZ) return Number(vector.readBigUInt64LE(at + 8));
  }
  throw new Error("/proc/self/auxv does not say how large a page is");
}
