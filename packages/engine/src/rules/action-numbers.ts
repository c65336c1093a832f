import { RULE_COUNT, RULE_DROP, RULE_LIMIT, RULE_LOG, RULE_PASS, RULE_SAMPLE } from "@weir/programs";
import { samplingRules } from "./reports-stage.ts";
import type { RuleDocument, RuleEntry } from "./rule-document.ts";

/** Actions that need no numbers of their own. */
export const PLAIN_ACTIONS = { pass: RULE_PASS, drop: RULE_DROP, count: RULE_COUNT } as const;

/** The rules, each with what it does, as the program has it. */
export function actionNumbers(document: RuleDocument): readonly (readonly [rule: RuleEntry, action: number])[] {
  const sampling = samplingRules(document);
  const numberOf = (rule: RuleEntry, index: number): number => {
    const { action } = rule;
    if (action === "sample") return RULE_SAMPLE + sampling.indexOf(rule);
    if (action === "log") return RULE_LOG + index;
    if (typeof action === "string") return PLAIN_ACTIONS[action];
    return ("log" in action ? RULE_LOG : RULE_LIMIT) + index;
  };
  return document.rules.map((rule, index) => [rule, numberOf(rule, index)]);
}
