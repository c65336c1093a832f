/** The value in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** Milliseconds that each of so many runs took. */
export function times(runs: number, run: () => void): number[] {
  return Array.from({ length: runs }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
}

/** A line: what, the median, the limit, and the runs. */
export function timesLine(what: string, values: readonly number[], limit = ""): string {
  const middle = median(values).toFixed(1).padStart(7);
  return `  ${what.padEnd(34)}${middle} ms ${limit.padEnd(10)} ${values.map((value) => value.toFixed(0)).join(" ")}\n`;
}
