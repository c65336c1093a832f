import type { Snapshot, Steering, SteeringTarget } from "@weir/engine";
import { tableLines } from "../text/columns.ts";
import { printable } from "../text/printable.ts";
import { formatBitRate, formatBytes, formatCount, formatRate, plural } from "../text/units.ts";
import { wrapWords } from "../text/wrap.ts";
import type { Look } from "./look.ts";

/** What each target got and what became of it, and what was passed on; no line where nothing is balanced. */
export function steeringLines({ steering }: Snapshot, look: Look): string[] {
  if (steering === undefined) return [];
  const { targets, passed } = steering;
  const count = (of: (target: SteeringTarget) => bigint | null) =>
    targets.map((target) => {
      const value = of(target);
      return value === null ? "?" : formatCount(value);
    });
  const right = (title: string, cells: readonly string[]) => ({ title, align: "right", cells }) as const;
  const { titles, rows } = tableLines([
    { title: steering.kind === "cpus" ? "CPU" : "INTERFACE", align: "left", cells: targets.map(targetText) },
    right(
      "PACKETS",
      count(({ packets }) => packets),
    ),
    right(
      "BYTES",
      targets.map(({ bytes }) => formatBytes(bytes)),
    ),
    right(
      "DELIVERED",
      count(({ delivered }) => delivered),
    ),
    right(
      "DROPPED",
      count(({ dropped }) => dropped),
    ),
    right(
      "ERRORS",
      count(({ errors }) => errors),
    ),
    right(
      "RATE",
      targets.map(({ packetsPerSecond }) => formatRate(packetsPerSecond)),
    ),
    right(
      "BANDWIDTH",
      targets.map(({ bytesPerSecond }) => formatBitRate(bytesPerSecond)),
    ),
  ]);
  const here = `passed on without a target: ${plural(passed.packets, "packet")}, ${formatBytes(passed.bytes)}`;
  return ["", look.style("dim", titles), ...rows, look.style("dim", here), ...steeringWarnings(steering, look)];
}

/** What is not as it should be. */
function steeringWarnings({ kind, targets, holds }: Steering, look: Look): string[] {
  const told = targets.flatMap((target) => {
    const { dropped, errors, lastError, absent, outstanding } = target;
    const leftOut = kind === "mirror" && outstanding !== null && outstanding > 0n;
    const name = kind === "cpus" ? `CPU ${targetText(target)}` : targetText(target);
    const reason = lastError === null ? "" : ` (${lastError})`;
    return [
      ...(dropped !== null && dropped > 0n ? [`${plural(dropped, "packet")} for ${name} dropped by the kernel.`] : []),
      ...(errors !== null && errors > 0n ? [`${plural(errors, "packet")} for ${name} not redirected${reason}.`] : []),
      ...(leftOut ? [`${plural(outstanding, "packet")} for ${name} left out by the kernel, or on their way.`] : []),
      ...(absent > 0n ? [`${plural(absent, "packet")} for ${name} passed on: it is not there any more.`] : []),
    ];
  });
  const all = holds ? told : [...told, "The verdicts do not add up to the frames: a defect of weir; please report it."];
  return all.flatMap((sentence) => wrapWords(sentence, look.columns).map((line) => look.style("yellow", line)));
}

function targetText({ target }: SteeringTarget): string {
  return typeof target === "number" ? String(target) : printable(target);
}
