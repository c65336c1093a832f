import { constantOf } from "../fold/constant.ts";
import type { Condition } from "./condition.ts";

/** Numbers from `first` to `last`. */
interface Interval {
  readonly first: bigint;
  readonly last: bigint;
}

/** A set of unsigned numbers of so many bits: intervals in rising order, with gaps between them. */
export class NumberSet {
  readonly width: 32 | 64;
  readonly intervals: readonly Interval[];

  constructor(width: 32 | 64, intervals: readonly Interval[]) {
    this.width = width;
    const joined: Interval[] = [];
    for (const each of intervals.toSorted((a, b) => (a.first < b.first ? -1 : 1))) {
      const last = joined.at(-1);
      if (last === undefined || each.first > last.last + 1n) joined.push(each);
      else if (each.last > last.last) joined[joined.length - 1] = { first: last.first, last: each.last };
    }
    this.intervals = joined;
  }

  /** Those for which a comparison with a constant holds; undefined where it is none, or of single bits. */
  static of({ comparison, width, right }: Condition): NumberSet | undefined {
    const constant = constantOf(right);
    if (constant === undefined || comparison === "set") return undefined;
    const most = largest(width);
    const signBit = 1n << BigInt(width - 1);
    const numbers = (() => {
      switch (comparison) {
        case "eq":
        case "ne":
          return around(width, constant, constant);
        case "ult":
        case "uge":
          return constant === 0n ? new NumberSet(width, []) : around(width, 0n, constant - 1n);
        case "ule":
        case "ugt":
          return around(width, 0n, constant);
        case "slt":
        case "sge":
          return constant === signBit ? new NumberSet(width, []) : around(width, signBit, (constant - 1n) & most);
        case "sle":
        case "sgt":
          return around(width, signBit, constant);
      }
    })();
    const isOpposite = comparison === "ne" || comparison.endsWith("ge") || comparison.endsWith("gt");
    return isOpposite ? numbers.opposite() : numbers;
  }

  static none(width: 32 | 64): NumberSet {
    return new NumberSet(width, []);
  }

  static all(width: 32 | 64): NumberSet {
    return NumberSet.upTo(width, largest(width));
  }

  /** From 0 to `most`. */
  static upTo(width: 32 | 64, most: bigint): NumberSet {
    return new NumberSet(width, [{ first: 0n, last: most }]);
  }

  /** All numbers if `last` is none of so many bits: what gave it may have wrapped. */
  static between(width: 32 | 64, first: bigint, last: bigint): NumberSet {
    return last > largest(width) ? NumberSet.all(width) : new NumberSet(width, [{ first, last }]);
  }

  get least(): bigint {
    return this.intervals[0]?.first ?? 0n;
  }

  get most(): bigint {
    return this.intervals.at(-1)?.last ?? 0n;
  }

  /** The same numbers as numbers of another width, without those that it does not have. */
  withWidth(width: 32 | 64): NumberSet {
    const most = largest(width);
    const some = this.intervals.filter(({ first }) => first <= most);
    return new NumberSet(
      width,
      some.map(({ first, last }) => ({ first, last: last < most ? last : most })),
    );
  }

  /** Each plus a constant, wrapping. */
  plus(constant: bigint): NumberSet {
    const { width } = this;
    const wrapped = (number: bigint): bigint => (number + constant) & largest(width);
    return this.intervals.reduce(
      (sum, { first, last }) => sum.with(around(width, wrapped(first), wrapped(last))),
      NumberSet.none(width),
    );
  }

  opposite(): NumberSet {
    const most = largest(this.width);
    const gaps: Interval[] = [];
    let next = 0n;
    for (const { first, last } of this.intervals) {
      if (first > next) gaps.push({ first: next, last: first - 1n });
      next = last + 1n;
    }
    return new NumberSet(this.width, next > most ? gaps : [...gaps, { first: next, last: most }]);
  }

  with(other: NumberSet): NumberSet {
    return new NumberSet(this.width, [...this.intervals, ...other.intervals]);
  }

  /** Those that are in both. */
  and(other: NumberSet): NumberSet {
    return this.opposite().with(other.opposite()).opposite();
  }

  has(number: bigint): boolean {
    return this.intervals.some(({ first, last }) => first <= number && number <= last);
  }
}

/** From `first` upwards to `last`, by way of zero if that is smaller. */
function around(width: 32 | 64, first: bigint, last: bigint): NumberSet {
  const most = largest(width);
  const parts =
    first <= last
      ? [{ first, last }]
      : [
          { first: 0n, last },
          { first, last: most },
        ];
  return new NumberSet(width, parts);
}

function largest(width: 32 | 64): bigint {
  return (1n << BigInt(width)) - 1n;
}
