import type { ListedRules } from "@weir/engine";
import { tableLines } from "../text/columns.ts";
import { printable } from "../text/printable.ts";
import { formatBytes, formatCount, formatDuration, plural } from "../text/units.ts";
import { flow } from "../text/wrap.ts";
import type { Look } from "./look.ts";

/** The rules on an interface, each with what it counted. */
export function rulesTable(
  { interface: name, file, seconds, vlan, rules, default: byDefault }: ListedRules,
  look: Look,
): string[] {
  const title = [
    look.style("bold", printable(name)),
    `${plural(rules.length, "rule")} of ${printable(file)}`,
    `applied ${formatDuration(seconds)} ago`,
    ...(vlan === "exact" ? ["VLAN tags exact"] : []),
  ];
  const rows = [...rules, { name: "(no rule decided)", match: "", comment: undefined, ...byDefault }];
  const { titles, rows: lines } = tableLines([
    { title: "RULE", align: "left", cells: rows.map((rule) => rule.name) },
    { title: "ACTION", align: "left", cells: rows.map(({ action }) => action) },
    { title: "PACKETS", align: "right", cells: rows.map(({ packets }) => formatCount(packets)) },
    { title: "BYTES", align: "right", cells: rows.map(({ bytes }) => formatBytes(bytes)) },
    {
      title: "LAST",
      align: "right",
      cells: rows.map(({ idle }) => (idle === undefined ? "never" : formatDuration(idle))),
    },
    { title: "MATCH", align: "left", cells: rows.map(({ match, comment }) => matchText(match, comment)) },
  ]);
  return [...flow(title, look.columns), "", look.style("dim", titles), ...lines];
}

function matchText(match: string, comment: string | undefined): string {
  return comment === undefined ? printable(match) : `${printable(match)}  # ${printable(comment)}`;
}
