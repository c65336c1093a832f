/** Prefixes of IPv4 in order, without those that come again. */
export function sortIpv4(prefixes: Float64Array): Float64Array {
  const sorted = prefixes.slice().sort();
  let kept = 0;
  for (let index = 0; index < sorted.length; index++) {
    const prefix = sorted[index] ?? 0;
    if (kept === 0 || prefix !== sorted[kept - 1]) sorted[kept++] = prefix;
  }
  return sorted.subarray(0, kept);
}
