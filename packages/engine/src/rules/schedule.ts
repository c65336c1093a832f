import { hasTimes, type Rule, type RuleSet } from "@weir/rules";
import { type AppliedWindows, holdsAt } from "./applied-window.ts";
import type { AppliedRules } from "./pinned-rules.ts";
import { type Clocks, currentClocks, windowsOf } from "./rule-windows.ts";

/** When rules hold on an interface. */
export interface Schedule {
  readonly windows: AppliedWindows;
  readonly clocks: Clocks;
}

/** When rules hold if they are applied now. @param before what is in force there */
export function scheduleOf(rules: RuleSet, before: AppliedRules | undefined): Schedule {
  const clocks = currentClocks();
  return { windows: windowsOf(rules, before, clocks), clocks };
}

/** The rules that hold at a moment, of CLOCK_MONOTONIC, as rules that hold at all times. */
export function holdingAt(rules: RuleSet, { windows }: Pick<Schedule, "windows">, moment: bigint): RuleSet {
  const holding = rules.rules.filter((rule) => {
    const window = hasTimes(rule) ? windows[rule.name] : undefined;
    return window === undefined || holdsAt(window, moment);
  });
  return { ...rules, rules: holding.map(withoutTimes) };
}

function withoutTimes(rule: Rule): Rule {
  return { ...rule, ttl: undefined, expires: undefined, from: undefined, until: undefined };
}
