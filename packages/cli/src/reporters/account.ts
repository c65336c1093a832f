import type { Identity } from "@weir/engine";
import { pad } from "../text/columns.ts";
import { printable } from "../text/printable.ts";

/** The account of the frames with exact numbers, and what follows from it. */
export function accountLines(name: string, identity: Identity): string[] {
  const { seenBefore, seenAfter, accounted, unattributed, overflow, sampledOut, holds, exact } = identity;
  const { passed, dropped } = identity;
  const entries: [bigint, string][] = [
    [accounted, "in connections"],
    [unattributed, "in no connection by rule (ARP, other EtherTypes, malformed…)"],
    [overflow, "without a place in the table"],
    ...(sampledOut > 0n ? [[sampledOut, "not sampled"] satisfies [bigint, string]] : []),
    [accounted + unattributed + overflow + sampledOut, "accounted for"],
    ...(exact
      ? [[seenAfter, "seen"] satisfies [bigint, string]]
      : [
          [seenBefore, "seen before the reading"] satisfies [bigint, string],
          [seenAfter, "seen after the reading"] satisfies [bigint, string],
        ]),
  ];
  const drops: [bigint, string][] = [
    [dropped.byRule, "dropped by rules"],
    [dropped.byLimit, "dropped by limits, above their rate"],
    [dropped.byDefault, "dropped by default, since no rule decided"],
  ];
  const happened = drops.filter(([count]) => count > 0n);
  if (happened.length > 0) entries.push([passed, "passed"], ...happened);
  const counts = entries.map(([count]) => count.toLocaleString("en-US"));
  const width = Math.max(...counts.map(({ length }) => length));
  return [
    `${printable(name)}: ${verdict(holds, exact)}`,
    ...entries.map(([, meaning], index) => `  ${pad(counts[index] ?? "", width, "right")} ${meaning}`),
  ];
}

function verdict(holds: boolean, exact: boolean): string {
  if (!holds) return "the account does NOT balance; this is a defect of weir, please report it.";
  return exact
    ? "every frame is accounted for."
    : "every frame is accounted for, as far as can be told while packets come: the sum lies between the two readings.";
}
