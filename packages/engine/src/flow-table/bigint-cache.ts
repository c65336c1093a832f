/** A power of two. */
const PLACES = 4096;

const words = new Uint32Array(2);
const both = new BigUint64Array(words.buffer);

const highs = new Uint32Array(PLACES);
const lows = new Uint32Array(PLACES);
const bigints: bigint[] = Array.from({ length: PLACES }, () => 0n);

/**
 * The bigint with these halves. The same one as before where it can be: a bigint is an object, and of the counts and times of
 * connections many are alike, so that most of the 400,000 in a table of 100,000 need not be made.
 */
export function bigintOf(high: number, low: number): bigint {
  const place = (low ^ (low >>> 12) ^ (low >>> 24)) & (PLACES - 1);
  if (lows[place] !== low || highs[place] !== high) {
    words[0] = low;
    words[1] = high;
    lows[place] = low;
    highs[place] = high;
    bigints[place] = both[0] ?? 0n;
  }
  return bigints[place] ?? 0n;
}
