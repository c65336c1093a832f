import type { CaptureStatistics } from "@weir/engine";
import { pad } from "../text/columns.ts";
import { printable } from "../text/printable.ts";
import { formatBytes } from "../text/units.ts";

type Cause = "ringFull" | "noRing" | "uncopied";

/** What a capture saw and wrote, in exact numbers; what did not happen is left out. */
export function captureSummary(name: string, statistics: CaptureStatistics): string[] {
  const { seen, written, ringFull, noRing, uncopied, otherVerdict, sampledOut, pastCount, unwritten } = statistics;
  const entries: [bigint, string][] = [
    [seen, "seen"],
    [written, `written (${formatBytes(statistics.outputBytes)})`],
  ];
  const others: [bigint, string][] = [
    [otherVerdict, "with another verdict"],
    [sampledOut, "left out by sampling"],
    [pastCount, "after the last one that was asked for"],
    [
      ringFull,
      `LOST because a ring was full${byCpu(statistics, "ringFull")}; a larger --ring helps, or a smaller --snaplen`,
    ],
    [noRing, `LOST on CPUs that were plugged in later${byCpu(statistics, "noRing")}`],
    [uncopied, `LOST because the kernel did not give their bytes${byCpu(statistics, "uncopied")}`],
    [unwritten, "LOST because they could not be written"],
    [seen - sumOf(statistics), "on their way through the program when it was taken off"],
  ];
  entries.push(...others.filter(([count]) => count !== 0n));
  const counts = entries.map(([count]) => count.toLocaleString("en-US"));
  const width = Math.max(...counts.map(({ length }) => length));
  return [
    `${printable(name)}: packets`,
    ...entries.map(([, meaning], index) => `  ${pad(counts[index] ?? "", width, "right")} ${meaning}`),
  ];
}

function sumOf({ written, lost, otherVerdict, sampledOut, pastCount }: CaptureStatistics): bigint {
  return written + lost + otherVerdict + sampledOut + pastCount;
}

function byCpu({ cpus }: CaptureStatistics, cause: Cause): string {
  const parts = cpus
    .filter((cpu) => cpu[cause] > 0n)
    .map((cpu) => `CPU ${cpu.cpu}: ${cpu[cause].toLocaleString("en-US")}`);
  return ` (${parts.join(", ")})`;
}
