import type { NamedSet, Rule } from "../rule-set/rule-set.ts";
import type { RulesProblem } from "./rules-error.ts";

/** Sets that no rule asks. */
export function unusedSets(sets: readonly NamedSet[], rules: readonly Rule[]): RulesProblem[] {
  const used = new Set(rules.flatMap(({ filter }) => filter.sets.map(({ name }) => name)));
  return sets
    .filter(({ name }) => !used.has(name))
    .map(({ name, place }) => ({ ...place, path: `sets.${name}`, message: "no rule asks this set" }));
}

/** Bytes of a frame of usual size, without check sum. */
const USUAL_FRAME = 1514;

/** Limits that never let a frame of usual size through. */
export function tooSmallBursts(rules: readonly Rule[]): RulesProblem[] {
  return rules.flatMap(({ name, action, place }) => {
    if (action.kind !== "limit" || action.rate.unit === "packets" || action.burst >= USUAL_FRAME * 8) return [];
    const message = `the rule "${name}" never lets a frame of more than ${Math.floor(action.burst / 8)} bytes through: it does not fit into the burst`;
    return [{ ...place, path: "", message }];
  });
}

/** Rules that have ended by a moment, in milliseconds since 1970. */
export function pastRules(rules: readonly Rule[], now: number): RulesProblem[] {
  return rules.flatMap(({ name, until, expires, place }) => {
    const end = Math.min(until ?? Number.POSITIVE_INFINITY, expires ?? Number.POSITIVE_INFINITY);
    if (end > now) return [];
    const message = `the rule "${name}" has no effect any more: it ended at ${new Date(end).toISOString()}`;
    return [{ ...place, path: "", message }];
  });
}
