import type { Counters } from "@weir/engine";
import { formatCount } from "../text/units.ts";
import { flow } from "../text/wrap.ts";
import { COUNTER_LABELS, type LabelledCounter } from "./counter-labels.ts";
import type { Look } from "./look.ts";

/** Shown even when they are zero: that nothing of a kind came is an answer too. */
const ALWAYS: ReadonlySet<LabelledCounter> = new Set(["ipv4", "ipv6", "tcp", "udp"]);

/** The protocol counters in words, those that are zero left out. */
export function counterLines(counters: Counters, { columns, style }: Look): string[] {
  const shown = COUNTER_LABELS.filter(([name]) => counters[name] > 0n || ALWAYS.has(name));
  return flow(
    shown.map(([name, label]) => `${style("dim", label)} ${formatCount(counters[name])}`),
    columns,
  );
}
