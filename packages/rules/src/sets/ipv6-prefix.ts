/** A prefix of IPv6: the address as four numbers of 32 bits, and the length in bits. */
export interface Ipv6Prefix {
  readonly words: readonly [number, number, number, number];
  readonly length: number;
}

/** Numbers of a prefix where many lie behind each other in a `Uint32Array`: the four words, then the length. */
export const IPV6_NUMBERS = 5;

/**
 * Prefixes as they lie behind each other, as `Ipv6Set.build` takes them.
 *
 * @example
 * ```ts
 * const documentation = ipv6Prefixes([{ words: [0x2001_0db8, 0, 0, 0], length: 32 }]);
 * ```
 */
export function ipv6Prefixes(prefixes: readonly Ipv6Prefix[]): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(prefixes.flatMap(({ words, length }) => [...words, length]));
}

/**
 * A mask for one of the four words, of a prefix of so many bits; the first one is also that of a prefix of IPv4.
 *
 * @example
 * ```ts
 * wordMask(40, 1); // 0xff00_0000
 * ```
 */
export function wordMask(length: number, word: number): number {
  const bits = Math.min(Math.max(length - word * 32, 0), 32);
  return bits === 0 ? 0 : (0xffff_ffff << (32 - bits)) >>> 0;
}

/** The prefix in the form of RFC 5952; an address without a length. */
export function ipv6PrefixText({ words, length }: Ipv6Prefix): string {
  const groups = words.flatMap((word) => [word >>> 16, word & 0xffff]);
  const run = longestZeros(groups);
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(":");
  const text =
    run === undefined ? hex(groups) : `${hex(groups.slice(0, run.from))}::${hex(groups.slice(run.from + run.count))}`;
  return length === 128 ? text : `${text}/${length}`;
}

/** The first of the longest runs of zeros, if it has more than one. */
function longestZeros(groups: readonly number[]): { readonly from: number; readonly count: number } | undefined {
  let best = { from: 0, count: 1 };
  let count = 0;
  for (const [index, group] of groups.entries()) {
    count = group === 0 ? count + 1 : 0;
    if (count > best.count) best = { from: index - count + 1, count };
  }
  return best.count > 1 ? best : undefined;
}

/** Sorts prefixes by address, then length, without those that come again: digit by digit, from the last one. */
export function sortIpv6(prefixes: Uint32Array): Uint32Array<ArrayBuffer> {
  const count = prefixes.length / IPV6_NUMBERS;
  let order = Uint32Array.from({ length: count }, (_, index) => index);
  for (const word of [4, 3, 2, 1, 0]) {
    order = byDigit(prefixes, order, word, 0);
    if (word !== 4) order = byDigit(prefixes, order, word, 16);
  }
  const sorted = new Uint32Array(prefixes.length);
  let kept = 0;
  for (const index of order) {
    const at = index * IPV6_NUMBERS;
    let isNew = kept === 0;
    for (let number = 0; number < IPV6_NUMBERS; number++) {
      const value = prefixes[at + number] ?? 0;
      isNew ||= sorted[kept - IPV6_NUMBERS + number] !== value;
      sorted[kept + number] = value;
    }
    if (isNew) kept += IPV6_NUMBERS;
  }
  return sorted.subarray(0, kept);
}

/** The order by 16 bits of a number, which keeps the order of those that are equal there. */
function byDigit(
  prefixes: Uint32Array,
  order: Uint32Array<ArrayBuffer>,
  word: number,
  shift: number,
): Uint32Array<ArrayBuffer> {
  const starts = new Uint32Array(0x1_0001);
  const digit = (index: number) => ((prefixes[index * IPV6_NUMBERS + word] ?? 0) >>> shift) & 0xffff;
  for (const index of order) {
    const next = digit(index) + 1;
    starts[next] = (starts[next] ?? 0) + 1;
  }
  if (starts.includes(order.length)) return order;
  for (let value = 1; value < starts.length; value++) starts[value] = (starts[value] ?? 0) + (starts[value - 1] ?? 0);
  const sorted = new Uint32Array(order.length);
  for (const index of order) {
    const value = digit(index);
    const place = starts[value] ?? 0;
    sorted[place] = index;
    starts[value] = place + 1;
  }
  return sorted;
}
