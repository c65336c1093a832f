import type { DroppedConnection, EffectChange, InterfaceEffect, RulesEffect } from "@weir/engine";
import { printable } from "../text/printable.ts";
import { formatBytes, formatCount, formatPercent, plural } from "../text/units.ts";
import { wrapWords } from "../text/wrap.ts";
import { connectionTable } from "./connection-table.ts";
import type { Look } from "./look.ts";
import { trialTable } from "./rules.ts";

/** What rules would do with what comes in on an interface. */
export function interfaceEffectLines(effect: InterfaceEffect, look: Look): string[] {
  const { interface: name, seconds, seen, lost, frames } = effect;
  const title = `${printable(name)}: ${plural(seen, "frame")} came in within ${seconds.toFixed(1)} s`;
  const isPart = BigInt(frames) < seen;
  const limits = effect.rules.some(({ over }) => over !== undefined)
    ? " Limits were tried with these alone: they would drop more than is said here."
    : "";
  const notes = [
    ...(isPart ? [`The rules were tried on ${formatCount(frames)} of them, chosen evenly.${limits}`] : []),
    ...(lost > 0n ? [`${plural(lost, "frame")} could not be chosen, since more came in than could be read.`] : []),
  ];
  return [look.style("bold", title), ...notes, ...effectLines(effect, look)];
}

/** What rules would do with frames. */
export function effectLines(effect: RulesEffect, look: Look): string[] {
  const { frames, change } = effect;
  const sentences = [
    ...sessionSentences(effect),
    ...cutOffSentences(effect),
    shareSentence(effect),
    ...changeSentences(change),
  ];
  return [
    ...sentences.flatMap((sentence) => wrapWords(sentence, look.columns)),
    ...(frames === 0 ? [] : ["", ...trialTable(effect, look)]),
    ...connectionLines(effect, look),
  ];
}

/** First of all, what becomes of whoever asks. */
function sessionSentences({ session, cutOff }: RulesEffect): string[] {
  if (session === undefined) return [];
  const { source, sourcePort, frames, dropped } = session;
  const name = `session from ${printable(source)} port ${sourcePort}`;
  if (cutOff.some(({ what }) => what.startsWith("your session"))) return [];
  if (dropped === 0) return [`Your ${name} stays.`];
  return [`YOUR ${name} would lose ${formatCount(dropped)} of its ${plural(frames, "frame")}.`];
}

function cutOffSentences({ cutOff }: RulesEffect): string[] {
  // The session comes last in what the guard tries, and first in what matters.
  return cutOff.toReversed().map(({ what, rule, from }) => {
    const by = rule === null ? "no rule passes it, and the default drops" : `by rule "${printable(rule)}"`;
    return `WOULD CUT OFF ${printable(what)}: ${by}${from === null ? "" : `, from ${from.toISOString()} on`}.`;
  });
}

function shareSentence({ frames, share, dropped }: RulesEffect): string {
  if (frames === 0) return "Nothing can be said of how many would be dropped.";
  if (dropped.packets === 0) return "Would drop none of them.";
  return `Would drop ${formatPercent(share)} of them: ${plural(dropped.packets, "frame")}, ${formatBytes(dropped.bytes)}.`;
}

function changeSentences(change: EffectChange | undefined): string[] {
  if (change === undefined) return [];
  const { newlyDropped, noLongerDropped } = change;
  return [
    `Against the rules that are there: ${plural(newlyDropped.packets, "frame")} more would be dropped, ` +
      `and ${plural(noLongerDropped.packets, "frame")} would pass that ${noLongerDropped.packets === 1 ? "is" : "are"} dropped now.`,
  ];
}

function connectionLines({ connections, otherDropped }: RulesEffect, look: Look): string[] {
  const others = plural(otherDropped.packets, "frame");
  const rest = otherDropped.packets === 0 ? [] : [`and ${others} of other connections, or of none`];
  if (connections.length === 0) return rest.length === 0 ? [] : ["", `Would be dropped: ${others} of no connection`];
  return ["", "Would be dropped, the largest first", ...connectionTable(connections.map(asRow), look), ...rest];
}

/** As the table of connections has one. */
const asRow = ({ packets, bytes, ...ends }: DroppedConnection) => ({
  ...{ ...ends, packets: BigInt(packets), bytes: BigInt(bytes) },
  ...{ drops: 0n, lastSeen: 0n },
});
