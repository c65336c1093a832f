const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400, w: 604_800 };
const LONGEST = 100 * 365 * 86_400;
const WRITTEN = "2027-01-31T18:00:00.000Z";
const MOMENT = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** Seconds of a length of time, `30s`, `5m`, `1h`, `1h30m`, `7d`; a reason where it is none. */
export function parseDuration(text: string): number | string {
  const isDuration = /^(?:\d+(?:s|min|m|h|d|w))+$/.test(text);
  if (!isDuration) return `${JSON.stringify(text)} is not a length of time: write it as in 30s, 5m, 1h or 7d`;
  const pieces = [...text.matchAll(/(\d+)([a-z]+)/g)];
  const seconds = pieces.reduce((sum, [, digits, unit]) => sum + Number(digits) * (SECONDS[unit ?? ""] ?? 0), 0);
  if (seconds === 0) return "it must last at least 1s";
  return seconds > LONGEST ? "it may last 100 years at most" : seconds;
}

/**
 * A length of time as it is written: `1h30m`.
 *
 * @example
 * ```ts
 * durationText(5400); // "1h30m"
 * ```
 * @param seconds a whole number of them
 */
export function durationText(seconds: number): string {
  let left = seconds;
  return (["d", "h", "m", "s"] as const)
    .map((unit) => {
      const length = SECONDS[unit] ?? 1;
      const count = Math.floor(left / length);
      left -= count * length;
      return count === 0 ? "" : `${count}${unit}`;
    })
    .join("");
}

/**
 * A moment as it is written: `2027-01-31T18:00:00Z`.
 *
 * @example
 * ```ts
 * momentText(1_801_418_400_000); // "2027-01-31T18:00:00Z"
 * ```
 * @param time milliseconds since 1970
 */
export function momentText(time: number): string {
  return new Date(time).toISOString().replace(".000Z", "Z");
}

/** Milliseconds since 1970 of a moment by ISO 8601, which says its distance from UTC; a reason where it is none. */
export function parseMoment(text: string): number | string {
  const time = MOMENT.test(text) ? Date.parse(text.replace(" ", "T")) : Number.NaN;
  // A day that is not in its month is taken for one in the next. What UTC has in a year of more digits could not be written again.
  if (Number.isNaN(time) || !isInMonth(text) || new Date(time).toISOString().length !== WRITTEN.length) {
    return `${JSON.stringify(text)} is not a moment: write day, time and distance from UTC, as in 2027-01-31T18:00:00Z or 2027-01-31T19:00:00+01:00`;
  }
  return time;
}

function isInMonth(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split("-").map(Number);
  return day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
