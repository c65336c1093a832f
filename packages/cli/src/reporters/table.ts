import type { Replay, Snapshot } from "@weir/engine";
import { printable } from "../text/printable.ts";
import { formatBitRate, formatBytes, formatDuration, formatRate, plural } from "../text/units.ts";
import { flow, wrapWords } from "../text/wrap.ts";
import { connectionTable } from "./connection-table.ts";
import { counterLines } from "./counter-lines.ts";
import type { Look } from "./look.ts";
import { samplingPieces } from "./sampling.ts";
import { steeringLines } from "./steering-table.ts";
import { imbalanceLines, overflowLines, warningLines } from "./warnings.ts";

/** What one interface has seen, as a table: header, counters, what is wrong, connections. */
export function snapshotTable(snapshot: Snapshot, look: Look): string[] {
  const { columns, style } = look;
  const { counters, rates } = snapshot;
  const title = [
    style("bold", printable(snapshot.interface)),
    style("cyan", modeText(snapshot)),
    `up ${formatDuration(snapshot.seconds)}`,
    plural(snapshot.tracked, "connection"),
    plural(counters.frames, "packet"),
    formatBytes(counters.bytes),
    style("bold", formatRate(rates.packetsPerSecond)),
    style("bold", formatBitRate(rates.bytesPerSecond)),
    ...samplingPieces(snapshot.sampling),
  ];
  return [
    ...flow(title, columns),
    ...counterLines(counters, look),
    ...rulesLines(snapshot, look),
    ...warningLines(snapshot, look),
    ...steeringLines(snapshot, look),
    "",
    ...connectionLines(snapshot, look),
  ];
}

/** That there are rules, and where their numbers are. */
function rulesLines({ interface: name, rules }: Snapshot, { columns, style }: Look): string[] {
  if (rules === undefined) return [];
  const what = `${plural(rules.rules.length, "rule")} of ${printable(rules.file)}, default ${rules.default.action}`;
  return wrapWords(`${what}: weir rules list ${printable(name)}`, columns).map((line) => style("dim", line));
}

/** The mode, and why it is not the fastest one. */
function modeText({ mode, fallback }: Snapshot): string {
  return fallback === undefined ? mode : `${mode} (${fallback.reason})`;
}

/** What a replay has counted. */
export function replayTable(replay: Replay, look: Look): string[] {
  const { frames, skipped, verdicts, counters } = replay;
  const answers = Object.entries(verdicts).filter(([, count]) => count > 0);
  const title = [
    look.style("bold", plural(frames, "frame")),
    formatBytes(counters.bytes),
    ...answers.map(([verdict, count]) => `${verdict} ${count}`),
    ...(skipped.tooShort ? [`${skipped.tooShort} skipped: shorter than an Ethernet header`] : []),
    ...samplingPieces(replay.sampling),
    ...(skipped.tooLong ? [`${skipped.tooLong} skipped: longer than the kernel takes`] : []),
  ];
  return [
    ...flow(title, look.columns),
    ...counterLines(counters, look),
    ...overflowLines(counters, look, "Raise --connections."),
    ...imbalanceLines(replay.identity, look),
    "",
    ...connectionLines(replay, look),
  ];
}

function connectionLines(
  { connections, tracked }: Pick<Snapshot | Replay, "connections" | "tracked">,
  look: Look,
): string[] {
  if (tracked === 0) return [look.style("dim", "No connection.")];
  const more = tracked - connections.length;
  const rest = more > 0 ? [look.style("dim", `… and ${plural(more, "more connection")}`)] : [];
  return [...connectionTable(connections, look), ...rest];
}
