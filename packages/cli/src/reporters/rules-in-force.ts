import type { ListedRule, ListedRules, ListedWindow } from "@weir/engine";
import type { Engine } from "../engine.ts";
import { type Column, tableLines } from "../text/columns.ts";
import { printable } from "../text/printable.ts";
import { formatBytes, formatCount, formatDuration, plural } from "../text/units.ts";
import { flow } from "../text/wrap.ts";
import type { Look } from "./look.ts";

/** The rules on an interface, each with what it counted. */
export function rulesTable(
  { interface: name, file, seconds, vlan, rules, default: byDefault }: ListedRules,
  { actionText, matchText }: Pick<Engine, "actionText" | "matchText">,
  look: Look,
): string[] {
  const title = [
    look.style("bold", printable(name)),
    `${plural(rules.length, "rule")} of ${printable(file)}`,
    `applied ${formatDuration(seconds)} ago`,
    ...(vlan === "exact" ? ["VLAN tags exact"] : []),
  ];
  const rows: readonly Row[] = [
    ...rules.map((rule) => ({ ...rule, match: matchText(rule) })),
    { name: "(no rule decided)", match: "", window: undefined, comment: undefined, ...byDefault },
  ];
  const { titles, rows: lines } = tableLines([
    { title: "RULE", align: "left", cells: rows.map((rule) => rule.name) },
    {
      title: "ACTION",
      align: "left",
      cells: rows.map(({ action, limit, log }) => {
        if (log !== undefined) return actionText({ log });
        return limit === undefined ? action : actionText({ limit });
      }),
    },
    { title: "PACKETS", align: "right", cells: rows.map(({ packets }) => formatCount(packets)) },
    { title: "BYTES", align: "right", cells: rows.map(({ bytes }) => formatBytes(bytes)) },
    ...limitColumns(rows),
    ...timeColumn(rows),
    {
      title: "LAST",
      align: "right",
      cells: rows.map(({ idle }) => (idle === undefined ? "never" : formatDuration(idle))),
    },
    { title: "MATCH", align: "left", cells: rows.map(({ match, comment }) => withComment(match, comment)) },
  ]);
  return [...flow(title, look.columns), "", look.style("dim", titles), ...lines];
}

type Row = Omit<ListedRule, "action"> & { readonly action: string };

/** What limits and logs counted, where there are some; and what is not as it should be, where there is something. */
function limitColumns(rows: readonly Row[]): Column[] {
  const column = (title: string, of: (row: Row) => bigint | undefined, isAlways: boolean): Column[] => {
    const counts = rows.map(of);
    if (!counts.some((count) => count !== undefined && (isAlways || count > 0n))) return [];
    return [{ title, align: "right", cells: counts.map((count) => (count === undefined ? "" : formatCount(count))) }];
  };
  return [
    ...column("ABOVE THE RATE", ({ over }) => over?.packets, true),
    ...column("NO ROOM", ({ noRoom }) => noRoom, true),
    ...column("UNTRACKED", ({ untracked }) => untracked, false),
    ...column("CONTENDED", ({ contended }) => contended, false),
  ];
}

/** When rules hold, where some have times. */
function timeColumn(rows: readonly Row[]): Column[] {
  if (!rows.some(({ window }) => window !== undefined)) return [];
  return [
    { title: "TIME", align: "left", cells: rows.map(({ window }) => (window === undefined ? "" : timeText(window))) },
  ];
}

function timeText({ state, begins, ends }: ListedWindow): string {
  const now = Date.now();
  const distance = (moment: Date): string => formatDuration(Math.abs(moment.getTime() - now) / 1000);
  const end = ends === undefined ? undefined : `ends in ${distance(ends)}`;
  switch (state) {
    case "waiting":
      return [begins && `begins in ${distance(begins)}`, end].filter((text) => text !== undefined).join(", ");
    case "open":
      return end ?? (begins === undefined ? "" : `began ${distance(begins)} ago`);
    case "ended":
      return ends === undefined ? "" : `ended ${distance(ends)} ago`;
  }
}

function withComment(match: string, comment: string | undefined): string {
  return comment === undefined || comment === "" ? printable(match) : `${printable(match)}  # ${printable(comment)}`;
}
