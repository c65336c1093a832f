/**
 * Rules of weir's packet filter, and the sets of addresses that they name.
 *
 * @module
 */
export { withRules } from "./compile/compile-rules.ts";
export { NO_RULE } from "./compile/found-rules.ts";
export type { MatchedRule } from "./compile/rules-writer.ts";
export { parseRules, type ReadRules, readRules } from "./file/read-rules.ts";
export { problemText, RulesError, type RulesProblem } from "./file/rules-error.ts";
export { type RulesFile, rulesFile } from "./file/rules-file.ts";
export { kindOfEntry, parseSetEntry, type SetEntry } from "./file/set-entry.ts";
export { Bucket, costOf, type Limit, type LimitCost, type LimitKey, limitCost, type Rate } from "./rule-set/limit.ts";
export {
  type Action,
  decides,
  type NamedSet,
  type Place,
  type Rule,
  type RuleSet,
  type Verdict,
} from "./rule-set/rule-set.ts";
export {
  type Decision,
  type RuleTally,
  RuleTrial,
  type Tally,
  type TrialResult,
  type TriedFrame,
} from "./rule-set/rule-trial.ts";
export { SetContents } from "./rule-set/set-contents.ts";
