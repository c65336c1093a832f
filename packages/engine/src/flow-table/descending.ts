/**
 * The indexes of the greatest weights, the greatest first, at most `limit` of them; of equal weights the one that comes first.
 *
 * Sorts the weights alone and looks up each one's place: sorting indexes by their weights calls a function for each
 * comparison, which for 100,000 takes four times as long.
 */
export function descending(weights: Float64Array, limit: number): Uint32Array {
  const count = weights.length;
  const ascending = weights.toSorted();
  const indexes = new Uint32Array(Math.min(count, limit));
  /** How many of the weights that begin at a place have been put there. */
  const taken = new Uint32Array(count);
  for (let index = 0; index < count; index++) {
    const start = count - placeAfter(ascending, weights[index] ?? 0);
    const place = start + (taken[start] ?? 0);
    taken[start] = place - start + 1;
    // Beyond the limit nothing is written: the array ends there.
    indexes[place] = index;
  }
  return indexes;
}

/** The first place with more than `weight`, or the end. */
function placeAfter(ascending: Float64Array, weight: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) <= weight) low = middle + 1;
    else high = middle;
  }
  return low;
}
