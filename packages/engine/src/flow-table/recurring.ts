/** Of rows whose hashes differ, one of 32 falls on a bit of another that came before. */
const BITS_PER_ROW = 16;
const FEWEST_BITS = 2 ** 10;
const MOST_BITS = 2 ** 30;
/** Log2 of how many bits there are to find rows by for each one to find repetitions by: those are few. */
const FINER = 3;

/** The memory of the last time, because touching new pages costs more than all else here. */
let seen = new Uint32Array(0);
let repeated = new Uint32Array(0);
let found = new Uint32Array(0);

/**
 * The rows whose hash another row has too, in ascending order; among them are a few whose hash is their own. The array is good until the
 * next call.
 *
 * In most tables each key is there once, and all that a proof of that takes is a bit for each row: a table of rows by their keys would take
 * a miss of the cache for each one.
 */
export function recurring(hashes: Uint32Array, count: number): Uint32Array {
  const bits = Math.min(Math.max(2 ** Math.ceil(Math.log2(count * BITS_PER_ROW)), FEWEST_BITS), MOST_BITS);
  const shift = 32 - Math.log2(bits);
  seen = cleared(seen, bits / 32);
  repeated = cleared(repeated, (bits / 32) >>> FINER);
  if (found.length < count) found = new Uint32Array(hashes.length);
  mark(hashes, count, shift, seen, repeated);
  return found.subarray(0, marked(hashes, count, shift, repeated, found));
}

function cleared(words: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  if (words.length < length) return new Uint32Array(length);
  words.fill(0, 0, length);
  return words;
}

function mark(hashes: Uint32Array, count: number, shift: number, once: Uint32Array, again: Uint32Array): void {
  for (let row = 0; row < count; row++) {
    const place = (hashes[row] ?? 0) >>> shift;
    const word = once[place >>> 5] ?? 0;
    const bit = 1 << (place & 31);
    if ((word & bit) === 0) {
      once[place >>> 5] = word | bit;
    } else {
      const coarse = place >>> FINER;
      again[coarse >>> 5] = (again[coarse >>> 5] ?? 0) | (1 << (coarse & 31));
    }
  }
}

/** Puts the rows whose bit is set into `rows`; how many they are. */
function marked(hashes: Uint32Array, count: number, shift: number, again: Uint32Array, rows: Uint32Array): number {
  let length = 0;
  for (let row = 0; row < count; row++) {
    const coarse = ((hashes[row] ?? 0) >>> shift) >>> FINER;
    if (((again[coarse >>> 5] ?? 0) & (1 << (coarse & 31))) !== 0) rows[length++] = row;
  }
  return length;
}
