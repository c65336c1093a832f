import type { RuleSet } from "@weir/rules";
import { EngineError } from "../errors.ts";
import { numberLimits } from "./number-limits.ts";
import type { AppliedRules } from "./pinned-rules.ts";
import { checkSamplingRules, countedAs } from "./reports-stage.ts";
import { documentOf } from "./rule-document.ts";
import { type Clocks, currentClocks, windowsOf } from "./rule-windows.ts";
import type { ClearedPlaces } from "./rules-stage.ts";

/** Rules that are counted at least; twice as many as there are, so that others can follow them. */
const ROOM = 4096;
/** Where frames are counted that no rule decided about. */
export const DEFAULT_SLOT = 0;

/** Rules with their places, and when they hold. */
interface NumberedRules {
  readonly applied: AppliedRules;
  readonly cleared: ClearedPlaces;
  /** Whether limits go on with the table that is there, or with what is in it in a larger one. */
  readonly table: "same" | "larger" | "new";
}

/**
 * Gives each rule a place where it is counted: that which it had, if one of its name was there before.
 *
 * @param before what is in force, with whose numbers these rules go on
 * @returns with places that another rule or limit had, which have to be cleared before they are used
 * @throws {EngineError} `WEIR_OPTION`
 */
export function numberRules(
  rules: RuleSet,
  before: AppliedRules | undefined,
  clocks: Clocks = currentClocks(),
): NumberedRules {
  const document = documentOf(rules);
  checkSamplingRules(document);
  const capacity = before?.capacity ?? Math.max(ROOM, 2 * document.rules.length);
  const wanted = new Set(document.rules.map(countedAs));
  const slots = new Map(Object.entries(before?.slots ?? {}));
  const used = new Set(slots.values());
  const inForce = new Set(before?.document.rules.map(countedAs));
  // Nobody counts there now, neither those that are in force nor those that are to be.
  const idle = [...slots].filter(([name]) => !wanted.has(name) && !inForce.has(name));
  const cleared: number[] = [];
  let next = DEFAULT_SLOT + 1;
  for (const name of wanted) {
    if (slots.has(name)) continue;
    while (used.has(next)) next += 1;
    let slot = next;
    if (slot >= capacity) {
      const [old] = idle.splice(0, 1);
      if (old === undefined) throw tooMany(wanted.size, capacity);
      slots.delete(old[0]);
      slot = old[1];
      cleared.push(slot);
    }
    used.add(slot);
    slots.set(name, slot);
  }
  const numbered = numberLimits(document.rules, capacity, before?.limits);
  if (numbered === "no room") throw tooMany(wanted.size, capacity);
  const { limits, cleared: limitPlaces, table } = numbered;
  const windows = windowsOf(rules, before, clocks);
  const applied = {
    version: 1,
    file: rules.file,
    document,
    appliedAt: String(clocks.now),
    slots: Object.fromEntries(slots),
    capacity,
    limits,
    windows: Object.keys(windows).length === 0 ? undefined : windows,
  } as const;
  return { applied, cleared: { rules: cleared, limits: limitPlaces }, table };
}

function tooMany(count: number, capacity: number): EngineError {
  return new EngineError(
    "WEIR_OPTION",
    `${count} rules find no room beside those that are counted there: it is for ${capacity - 1}; nothing was changed\n` +
      "  Begin anew, with room for these: weir detach, then weir rules apply.",
  );
}
