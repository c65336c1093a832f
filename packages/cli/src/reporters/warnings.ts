import type { Evicted, Snapshot } from "@weir/engine";
import { formatCount, plural } from "../text/units.ts";
import { wrapWords } from "../text/wrap.ts";
import type { Look } from "./look.ts";

/** What is not as it should be, in words; no line when all is well. */
export function warningLines(snapshot: Snapshot, look: Look): string[] {
  const { counters, capacity, evicted, identity, attached } = snapshot;
  return [
    ...(attached ? [] : inWords("red", "The interface was removed. These are its last numbers.", look)),
    ...overflowLines(counters.overflow, counters.frames, look, `Raise --connections (now ${formatCount(capacity)}).`),
    ...evictedLines(evicted, look),
    ...(identity.holds ? [] : inWords("red", imbalance(snapshot), look)),
  ];
}

/** Packets that found no place in the table: they must not go unnoticed. */
export function overflowLines(overflow: bigint, frames: bigint, look: Look, remedy: string): string[] {
  if (overflow === 0n) return [];
  const share = ((Number(overflow) / Number(frames)) * 100).toFixed(1);
  const found = `${plural(overflow, "packet")} (${share} %) found no place in it`;
  return inWords("yellow", `The table is full: ${found} and count in no connection below. ${remedy}`, look);
}

/** Connections that were idle and made room. */
function evictedLines({ connections, packets }: Evicted, look: Look): string[] {
  if (connections === 0n) return [];
  const gone = `${plural(connections, "idle connection")} left the table with ${plural(packets, "packet")}`;
  return inWords("dim", `${gone}; the totals keep them.`, look);
}

function imbalance({ identity: { seenBefore, seenAfter, accounted, unattributed, overflow } }: Snapshot): string {
  const seen = seenBefore === seenAfter ? `${seenBefore}` : `${seenBefore} to ${seenAfter}`;
  const sum = `${accounted} in connections + ${unattributed} in none by rule + ${overflow} without a place`;
  return `The account does not balance: ${seen} frames seen, ${sum}. This is a defect of weir; please report it.`;
}

function inWords(emphasis: "red" | "yellow" | "dim", sentence: string, { columns, style }: Look): string[] {
  return wrapWords(sentence, columns).map((line) => style(emphasis, line));
}
