import type { ListedRule, ListedRules } from "@weir/engine";
import type { Engine } from "../engine.ts";
import { type Column, tableLines } from "../text/columns.ts";
import { printable } from "../text/printable.ts";
import { formatBytes, formatCount, formatDuration, plural } from "../text/units.ts";
import { flow } from "../text/wrap.ts";
import type { Look } from "./look.ts";

/** The rules on an interface, each with what it counted. */
export function rulesTable(
  { interface: name, file, seconds, vlan, rules, default: byDefault }: ListedRules,
  { actionText }: Pick<Engine, "actionText">,
  look: Look,
): string[] {
  const title = [
    look.style("bold", printable(name)),
    `${plural(rules.length, "rule")} of ${printable(file)}`,
    `applied ${formatDuration(seconds)} ago`,
    ...(vlan === "exact" ? ["VLAN tags exact"] : []),
  ];
  const rows: readonly Row[] = [...rules, { name: "(no rule decided)", match: "", comment: undefined, ...byDefault }];
  const { titles, rows: lines } = tableLines([
    { title: "RULE", align: "left", cells: rows.map((rule) => rule.name) },
    {
      title: "ACTION",
      align: "left",
      cells: rows.map(({ action, limit }) => (limit === undefined ? action : actionText({ limit }))),
    },
    { title: "PACKETS", align: "right", cells: rows.map(({ packets }) => formatCount(packets)) },
    { title: "BYTES", align: "right", cells: rows.map(({ bytes }) => formatBytes(bytes)) },
    ...limitColumns(rows),
    {
      title: "LAST",
      align: "right",
      cells: rows.map(({ idle }) => (idle === undefined ? "never" : formatDuration(idle))),
    },
    { title: "MATCH", align: "left", cells: rows.map(({ match, comment }) => matchText(match, comment)) },
  ]);
  return [...flow(title, look.columns), "", look.style("dim", titles), ...lines];
}

type Row = Omit<ListedRule, "action"> & { readonly action: string };

/** What limits counted, where there are some; and what is not as it should be, where there is something. */
function limitColumns(rows: readonly Row[]): Column[] {
  const column = (title: string, of: (row: Row) => bigint | undefined, isAlways: boolean): Column[] => {
    const counts = rows.map(of);
    if (!counts.some((count) => count !== undefined && (isAlways || count > 0n))) return [];
    return [{ title, align: "right", cells: counts.map((count) => (count === undefined ? "" : formatCount(count))) }];
  };
  return [
    ...column("ABOVE THE RATE", ({ over }) => over?.packets, true),
    ...column("UNTRACKED", ({ untracked }) => untracked, false),
    ...column("CONTENDED", ({ contended }) => contended, false),
  ];
}

function matchText(match: string, comment: string | undefined): string {
  return comment === undefined ? printable(match) : `${printable(match)}  # ${printable(comment)}`;
}
