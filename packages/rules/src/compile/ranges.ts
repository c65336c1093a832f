/** Some of the numbers from 0 to a largest one: ranges in rising order, with gaps between them. Both ends of a range belong to it. */
export type Ranges = readonly Range[];

/** From a number to another; both belong to it. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** All numbers of so many bits. */
export function allOf(bits: number): Ranges {
  return [{ first: 0, last: 2 ** bits - 1 }];
}

/** Those from a number to another; none where the first is the greater one. */
export function fromTo(first: number, last: number): Ranges {
  return first > last ? [] : [{ first, last }];
}

/** Whether nothing is in both. */
export function areApart(left: Ranges, right: Ranges): boolean {
  for (const one of left) {
    for (const other of right) if (one.first <= other.last && other.first <= one.last) return false;
  }
  return true;
}

/** What is in both. */
export function intersection(left: Ranges, right: Ranges): Ranges {
  if (left === right) return left;
  const both: Range[] = [];
  for (const one of left) {
    for (const other of right) both.push(...fromTo(Math.max(one.first, other.first), Math.min(one.last, other.last)));
  }
  return both;
}

/** What is in one or the other. */
export function union(left: Ranges, right: Ranges): Ranges {
  const sorted = [...left, ...right].sort((one, other) => one.first - other.first);
  const joined: Range[] = [];
  for (const range of sorted) {
    const before = joined.at(-1);
    if (before === undefined || range.first > before.last + 1) joined.push(range);
    else joined[joined.length - 1] = { first: before.first, last: Math.max(before.last, range.last) };
  }
  return joined;
}

/** What of `all`, which is one range, is not in them. */
export function complement(ranges: Ranges, all: Range): Ranges {
  const gaps: Range[] = [];
  let next = all.first;
  for (const { first, last } of ranges) {
    gaps.push(...fromTo(next, first - 1));
    next = last + 1;
  }
  return [...gaps, ...fromTo(next, all.last)];
}

/** How many numbers there are. */
export function countOf(ranges: Ranges): number {
  return ranges.reduce((count, { first, last }) => count + (last - first + 1), 0);
}

/** Whether they are the same numbers. */
export function areSame(left: Ranges, right: Ranges): boolean {
  return (
    left.length === right.length &&
    left.every(({ first, last }, index) => first === right[index]?.first && last === right[index]?.last)
  );
}
