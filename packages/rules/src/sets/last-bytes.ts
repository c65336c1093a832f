/** Which of the 256 addresses of a net are in a set: 8 numbers of 32 bits. */
export type LastBytes = Uint32Array<ArrayBuffer>;

/** Ranges of a slot that has no address: a slot that may become another net's. */
export const EMPTY_RANGES = 0x00ff_00ff;

/** Ranges of a slot that has all addresses. */
export const ALL_RANGES = 0xff00_ff00;

/** Sets the bits from the first to the last one, both among them. */
export function fill(bits: LastBytes, first: number, last: number): void {
  for (let word = first >>> 5; word <= last >>> 5; word++) {
    const from = Math.max(first - word * 32, 0);
    const to = Math.min(last - word * 32, 31);
    bits[word] = (bits[word] ?? 0) | ((0xffff_ffff >>> (31 - (to - from))) << from);
  }
}

/** The bits as two ranges, as a slot has them; undefined when they are more than two. */
export function rangesOf(bits: LastBytes): number | undefined {
  const ends: number[] = [];
  let before = 0;
  for (let last = 0; last <= 256; last++) {
    const now = last === 256 ? 0 : ((bits[last >>> 5] ?? 0) >>> (last & 31)) & 1;
    if (now !== before) {
      if (ends.length === 4) return undefined;
      ends.push(now === 1 ? last : last - 1);
    }
    before = now;
  }
  const [first, last, second = first, end = last] = ends;
  if (first === undefined || last === undefined || second === undefined || end === undefined) return EMPTY_RANGES;
  return twoRanges(first, last, second, end);
}

/** Two ranges of last bytes, which may be the same one. */
export function twoRanges(first: number, last: number, second: number, end: number): number {
  return (first | (last << 8) | (second << 16) | (end << 24)) >>> 0;
}

export function isInRanges(ranges: number, last: number): boolean {
  if (last >= (ranges & 255) && last <= ((ranges >>> 8) & 255)) return true;
  return last >= ((ranges >>> 16) & 255) && last <= ranges >>> 24;
}
