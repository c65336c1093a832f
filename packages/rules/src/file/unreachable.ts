import { shadowing } from "../compile/shadowing.ts";
import { decides, type Rule } from "../rule-set/rule-set.ts";
import { hasTimes } from "../rule-set/rule-window.ts";
import type { RulesProblem } from "./rules-error.ts";

/** Rules for which earlier ones leave no frame, as far as it can be told; and those that say the same twice. */
export function rulesThatNeverMatch(rules: readonly Rule[], vlan: "exact" | "through"): RulesProblem[] {
  const shadows = shadowing(
    rules.map((rule) => ({ meaning: rule.filter.meaning, decides: decides(rule) })),
    vlan,
  );
  const meanings = new Map<string, Rule[]>();
  let everything: Rule | undefined;
  return rules.flatMap((rule, index) => {
    const { meaning } = rule.filter;
    const key = JSON.stringify(meaning);
    const equal = meanings.get(key) ?? [];
    meanings.set(key, [...equal, rule]);
    const shadow = shadows[index] ?? [];
    const message =
      (shadow === "all" ? "it matches no frame: its expression is never true" : undefined) ??
      (everything && `it can never match: ${named(everything)} decides for every frame`) ??
      messageOfEqual(rule, equal) ??
      messageOfShadows(shadow === "all" ? [] : shadow.flatMap((other) => rules[other] ?? []));
    if (meaning.kind === "constant" && meaning.value && decides(rule)) everything ??= rule;
    return message === undefined ? [] : [{ ...rule.place, path: "", message: `the rule "${rule.name}": ${message}` }];
  });
}

function messageOfEqual(rule: Rule, equal: readonly Rule[]): string | undefined {
  const decider = equal.find(decides);
  if (decider !== undefined) return `it can never match: ${named(decider)} decides for all of its frames`;
  const same = equal.find((other) => JSON.stringify(other.action) === JSON.stringify(rule.action) && !hasTimes(other));
  return same && `it does the same as ${named(same)}, with the same frames`;
}

function messageOfShadows(others: readonly Rule[]): string | undefined {
  const [first, ...more] = others;
  if (first === undefined) return undefined;
  const which = more.length === 0 ? `${named(first)} decides` : `${[first, ...more].map(named).join(", ")} decide`;
  return `it can never match: ${which} for all of its frames`;
}

function named({ name, place }: Rule): string {
  return `"${name}" (${place.file}:${place.line})`;
}
