const PER_MILLISECOND = 1_000_000n;
const PER_SECOND = 1_000_000_000n;

/** When a rule holds, in nanoseconds since 1970. */
export interface RuleWindow {
  /** Undefined: it has held since it was applied. */
  readonly from: bigint | undefined;
  /** The first moment when it does not hold any more; undefined: it stays. */
  readonly until: bigint | undefined;
}

/** What of a rule says when it holds. */
export interface RuleTimes {
  /** Seconds from the moment when it is applied first until it ends; undefined: it stays. */
  readonly ttl: number | undefined;
  /** When it ends, in milliseconds since 1970. */
  readonly expires: number | undefined;
  /** From when on it holds, in milliseconds since 1970. */
  readonly from: number | undefined;
  /** The first moment when it does not hold any more, in milliseconds since 1970. */
  readonly until: number | undefined;
}

/**
 * Whether a rule holds at some times only.
 *
 * @example
 * ```ts
 * readRules("rules.yaml").rules.rules.filter(hasTimes);
 * ```
 */
export function hasTimes({ ttl, expires, from, until }: RuleTimes): boolean {
  return (ttl ?? expires ?? from ?? until) !== undefined;
}

/**
 * When a rule holds.
 *
 * @example
 * ```ts
 * const [rule] = readRules("rules.yaml").rules.rules;
 * if (rule !== undefined) windowOf(rule, BigInt(Date.now()) * 1_000_000n); // { from: undefined, until: 1_801_418_400_000_000_000n }
 * ```
 * @param applied when it was applied, in nanoseconds since 1970
 */
export function windowOf({ ttl, expires, from, until }: RuleTimes, applied: bigint): RuleWindow {
  const ends = [until, expires].flatMap((moment) => (moment === undefined ? [] : [BigInt(moment) * PER_MILLISECOND]));
  if (ttl !== undefined) ends.push(applied + BigInt(ttl) * PER_SECOND);
  return {
    from: from === undefined ? undefined : BigInt(from) * PER_MILLISECOND,
    until: ends.reduce<bigint | undefined>(
      (first, end) => (first === undefined || end < first ? end : first),
      undefined,
    ),
  };
}

/**
 * Whether a moment is within a window.
 *
 * @example
 * ```ts
 * isWithin({ from: undefined, until: 1000n }, 1000n); // false
 * ```
 */
export function isWithin({ from, until }: RuleWindow, time: bigint): boolean {
  return (from === undefined || time >= from) && (until === undefined || time < until);
}
