import type { CaptureStatistics } from "@weir/engine";
import { expect, test } from "vitest";
import { captureSummary } from "../../src/reporters/capture-summary.ts";

const COUNTS = {
  seen: 1_234_567n,
  captured: 1_234_567n,
  ringFull: 0n,
  noRing: 0n,
  uncopied: 0n,
  otherVerdict: 0n,
  sampledOut: 0n,
  pastCount: 0n,
};
const WHOLE: CaptureStatistics = {
  ...COUNTS,
  unwritten: 0n,
  lost: 0n,
  written: 1_234_567n,
  outputBytes: 1_500_000,
  cpus: [{ cpu: 0, ...COUNTS }],
};

test("says only what happened, in exact numbers", () => {
  expect(captureSummary("eth0", WHOLE)).toEqual(["eth0: packets", "  1,234,567 seen", "  1,234,567 written (1.50 MB)"]);
});

test("says what was lost, why, and on which CPU", () => {
  const cpus = [
    { cpu: 0, ...COUNTS, ringFull: 5n },
    { cpu: 3, ...COUNTS, ringFull: 1000n, noRing: 7n },
  ];
  const lost = { ringFull: 1005n, noRing: 7n, unwritten: 2n, lost: 1014n, captured: 100n, written: 98n };
  const others = { seen: 1152n, otherVerdict: 10n, sampledOut: 20n, pastCount: 9n };
  expect(captureSummary("eth0\u001b", { ...WHOLE, ...lost, ...others, cpus })).toEqual([
    "eth0\\u{1b}: packets",
    "  1,152 seen",
    "     98 written (1.50 MB)",
    "     10 with another verdict",
    "     20 left out by sampling",
    "      9 after the last one that was asked for",
    "  1,005 LOST because a ring was full (CPU 0: 5, CPU 3: 1,000); a larger --ring helps, or a smaller --snaplen",
    "      7 LOST on CPUs that were plugged in later (CPU 3: 7)",
    "      2 LOST because they could not be written",
    "      1 on their way through the program when it was taken off",
  ]);
});
