import type { CaptureCounts, CaptureStatistics } from "../live-capture.ts";

/** What the rings counted, CPU by CPU, and what could not be written, put together. */
export function captureStatistics(
  counts: readonly CaptureCounts[],
  unwritten: bigint,
  outputBytes: number,
): CaptureStatistics {
  const sum = (field: keyof CaptureCounts) => counts.reduce((total, one) => total + one[field], 0n);
  const [captured, ringFull, noRing, uncopied] = [sum("captured"), sum("ringFull"), sum("noRing"), sum("uncopied")];
  return {
    seen: sum("seen"),
    captured,
    ringFull,
    noRing,
    uncopied,
    otherVerdict: sum("otherVerdict"),
    sampledOut: sum("sampledOut"),
    pastCount: sum("pastCount"),
    unwritten,
    lost: ringFull + noRing + uncopied + unwritten,
    written: captured - unwritten,
    outputBytes,
    cpus: counts.map((one, cpu) => ({ cpu, ...one })).filter(({ seen }) => seen > 0n),
  };
}

/** Whether every frame that was seen is accounted for: none is on its way through the program. */
export function isSettled(statistics: CaptureCounts): boolean {
  const { seen, captured, ringFull, noRing, uncopied, otherVerdict, sampledOut, pastCount } = statistics;
  return seen === captured + ringFull + noRing + uncopied + otherVerdict + sampledOut + pastCount;
}
