import type { DecidedFrame } from "@weir/engine";
import type { RulesProblem, TrialResult } from "@weir/rules";
import { tableLines } from "../text/columns.ts";
import { printable } from "../text/printable.ts";
import { formatBytes, formatCount, formatPercent, plural } from "../text/units.ts";
import { flow } from "../text/wrap.ts";
import type { Look } from "./look.ts";

/** What rules did with the frames of a capture, rule by rule. */
export function trialTable(
  { frames, rules, default: byDefault, passed, dropped }: TrialResult & { readonly frames: number },
  look: Look,
): string[] {
  const title = [
    look.style("bold", plural(frames, "frame")),
    `passed ${formatCount(passed.packets)}, ${formatBytes(passed.bytes)}`,
    `dropped ${formatCount(dropped.packets)}, ${formatBytes(dropped.bytes)}`,
  ];
  const rows = [
    ...rules.map(({ name, action, over, ...tally }) => ({ name, action: `${action}`, over, ...tally })),
    { name: "(no rule decided)", over: undefined, ...byDefault },
  ];
  const hasLimits = rules.some(({ over }) => over !== undefined);
  const { titles, rows: lines } = tableLines([
    { title: "RULE", align: "left", cells: rows.map(({ name }) => name) },
    { title: "ACTION", align: "left", cells: rows.map(({ action }) => action) },
    { title: "PACKETS", align: "right", cells: rows.map(({ packets }) => formatCount(packets)) },
    { title: "BYTES", align: "right", cells: rows.map(({ bytes }) => formatBytes(bytes)) },
    { title: "SHARE", align: "right", cells: rows.map(({ packets }) => formatPercent(packets / Math.max(1, frames))) },
    ...(hasLimits
      ? [
          {
            title: "ABOVE THE RATE",
            align: "right" as const,
            cells: rows.map(({ over }) => (over === undefined ? "" : formatCount(over.packets))),
          },
        ]
      : []),
  ]);
  return [...flow(title, look.columns), "", look.style("dim", titles), ...lines];
}

/** What became of a frame: its number, the verdict, and the rule. */
export function decidedFrameLine({ number, verdict, rule }: DecidedFrame): string {
  return `${number} ${verdict} ${rule ?? "-"}`;
}

/** What a check found in a file with rules, as JSON has it. */
export interface CheckedRules {
  readonly file: string;
  readonly valid: boolean;
  /** How many there are, with those of included files; null where something is wrong. */
  readonly rules: number | null;
  readonly sets: number | null;
  readonly problems: readonly RulesProblem[];
  readonly warnings: readonly RulesProblem[];
}

/** A line for each warning, and one with what is in the file; nothing where something is wrong, which is told elsewhere. */
export function checkedLines({ file, rules, sets, warnings }: CheckedRules): string[] {
  if (rules === null || sets === null) return [];
  const lines = warnings.map(
    ({ file: where, line, column, message }) => `${printable(where)}:${line}:${column}: warning: ${printable(message)}`,
  );
  return [...lines, `${printable(file)}: ${plural(rules, "rule")}, ${plural(sets, "set")}`];
}
