import type { Counters, Evicted, Identity, Sampling, Snapshot } from "@weir/engine";
import { formatBytes, formatCount, formatPercent, plural } from "../text/units.ts";
import { wrapWords } from "../text/wrap.ts";
import type { Look } from "./look.ts";

/** What is not as it should be, in words; no line when all is well. */
export function warningLines(snapshot: Snapshot, look: Look): string[] {
  const { counters, capacity, evicted, identity, attached } = snapshot;
  return [
    ...(attached ? [] : inWords("red", "The interface was removed. These are its last numbers.", look)),
    ...earlierLines(snapshot, look),
    ...overflowLines(counters, look, `Raise --connections (now ${formatCount(capacity)}).`),
    ...evictedLines(evicted, look),
    ...budgetLines(snapshot.sampling, look),
    ...imbalanceLines(identity, look),
  ];
}

/** Packets that found no place in the table: they must not go unnoticed. */
export function overflowLines(counters: Counters, look: Look, remedy: string): string[] {
  const { overflow, frames, sampled_out } = counters;
  if (overflow === 0n) return [];
  const share = ((Number(overflow) / Number(frames - sampled_out)) * 100).toFixed(1);
  const found = `${plural(overflow, "packet")} (${share} %) found no place in it`;
  return inWords("yellow", `The table is full: ${found} and count in no connection below. ${remedy}`, look);
}

/** An interface that was made again: its numbers begin anew. */
function earlierLines({ earlier }: Snapshot, look: Look): string[] {
  if (earlier === undefined) return [];
  const { interfaces, packets, bytes } = earlier;
  const before =
    interfaces === 1 ? "The interface was removed and made again" : `The interface was made again ${interfaces} times`;
  return inWords(
    "dim",
    `${before}; it had ${plural(packets, "packet")} (${formatBytes(bytes)}) before, which are not in these numbers.`,
    look,
  );
}

/** Connections that were idle and made room. */
function evictedLines({ connections, packets, standardError }: Evicted, look: Look): string[] {
  if (connections === 0n) return [];
  const estimated = standardError === undefined ? "" : "~";
  const gone = `${plural(connections, "idle connection")} left the table with ${estimated}${plural(packets, "packet")}`;
  return inWords("dim", `${gone}; the totals keep them.`, look);
}

/** A budget that nothing can keep. */
function budgetLines(sampling: Sampling | undefined, look: Look): string[] {
  if (sampling?.by !== "packets" || !sampling.budget?.exceeded) return [];
  const { share, used } = sampling.budget;
  const cost = `counting the totals alone takes ${formatPercent(used)} of a CPU`;
  const text = `The budget of ${formatPercent(share)} is exceeded: ${cost}, and hardly a packet is sampled. Raise --budget.`;
  return inWords("yellow", text, look);
}

/** An account that does not balance. */
export function imbalanceLines(identity: Identity, look: Look): string[] {
  if (identity.holds) return [];
  const { seenBefore, seenAfter, accounted, unattributed, overflow, sampledOut } = identity;
  const seen = seenBefore === seenAfter ? `${seenBefore}` : `${seenBefore} to ${seenAfter}`;
  const sum = `${accounted} in connections + ${unattributed} in none by rule + ${overflow} without a place${sampledOut > 0n ? ` + ${sampledOut} not sampled` : ""}`;
  const text = `The account does not balance: ${seen} frames seen, ${sum}${verdicts(identity)}. This is a defect of weir; please report it.`;
  return inWords("red", text, look);
}

/** Where something was dropped. */
function verdicts({ passed, dropped }: Identity): string {
  const { byRule, byLimit, byDefault } = dropped;
  if (byRule + byLimit + byDefault === 0n) return "";
  return `; ${passed} passed, ${byRule} dropped by rules, ${byLimit} by limits, ${byDefault} by default`;
}

function inWords(emphasis: "red" | "yellow" | "dim", sentence: string, { columns, style }: Look): string[] {
  return wrapWords(sentence, columns).map((line) => style(emphasis, line));
}
