/** The numbers that a value may be, both ends included, as signed 64-bit numbers. */
export interface ValueRange {
  readonly min: bigint;
  readonly max: bigint;
}

export const LOWEST = -(1n << 63n);
export const HIGHEST = (1n << 63n) - 1n;
const HIGHEST_UNSIGNED = (1n << 64n) - 1n;

/** The bounds as the verifier writes them: `umax=255`, `smin=-4`; what it leaves out is unbounded or follows from the others. */
export function rangeOf(bounds: ReadonlyMap<string, string>): ValueRange {
  const bound = (name: string): bigint | undefined => number(bounds.get(name));
  const highest = bound("umax") ?? HIGHEST_UNSIGNED;
  const signed = { min: bound("smin") ?? LOWEST, max: bound("smax") ?? HIGHEST };
  // Without the sign's bit both readings agree, and the verifier's older releases write only the unsigned one.
  if (highest <= HIGHEST) return { min: bound("umin") ?? (signed.min > 0n ? signed.min : 0n), max: highest };
  return signed.min >= 0n ? { min: bound("umin") ?? signed.min, max: signed.max } : signed;
}

/** A number as the verifier writes it. */
export function number(text: string | undefined): bigint | undefined {
  const [, sign, digits] = /^(-?)(0x[\da-f]+|\d+)$/.exec(text ?? "") ?? [];
  return digits === undefined ? undefined : sign === "-" ? -BigInt(digits) : BigInt(digits);
}

/** A range as people say it: "0 to 65535". */
export function inWords({ min, max }: ValueRange): string {
  if (min === max) return `always ${min}`;
  if (min === LOWEST) return max === HIGHEST ? "any number, negative too" : `at most ${max}, negative too`;
  if (max === HIGHEST) return min === 0n ? "any number from 0" : `${min} or more${min < 0n ? ", negative too" : ""}`;
  return `${min} to ${max}${min < 0n ? ", negative too" : ""}`;
}
