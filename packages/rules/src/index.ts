/**
 * Rules of weir's packet filter, and the sets of addresses that they name.
 *
 * @module
 */
export { withRules } from "./compile/compile-rules.ts";
export { NO_RULE } from "./compile/found-rules.ts";
export type { MatchedRule } from "./compile/matched-rule.ts";
export { type SetPart, setMap, setMapSpec } from "./compile/set-code.ts";
export { type LimitText, limitText } from "./file/limit-text.ts";
export { type LogText, logText } from "./file/log-text.ts";
export { parseRules, type ReadRules, type ReadRulesOptions, readRules } from "./file/read-rules.ts";
export { problemText, RulesError, type RulesProblem } from "./file/rules-error.ts";
export { type RulesFile, rulesFile } from "./file/rules-file.ts";
export { durationText, momentText, parseDuration } from "./file/time.ts";
export { FrameCount, type Tally } from "./rule-set/frame-count.ts";
export { type IpPacket, ipPacketOf } from "./rule-set/ip-packet.ts";
export { Bucket, costOf, type Limit, type LimitCost, type LimitKey, limitCost, type Rate } from "./rule-set/limit.ts";
export { type LoadedSet, loadSets } from "./rule-set/load-sets.ts";
export type { Log } from "./rule-set/log.ts";
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
  type TrialResult,
  type TriedFrame,
} from "./rule-set/rule-trial.ts";
export { hasTimes, isWithin, type RuleTimes, type RuleWindow, windowOf } from "./rule-set/rule-window.ts";
export { SetContents } from "./rule-set/set-contents.ts";
export { addressOf, type Ipv4Prefix, ipv4Prefix, ipv4PrefixText, lengthOf } from "./sets/ipv4-prefix.ts";
export { Ipv4Set } from "./sets/ipv4-set.ts";
export { IPV6_NUMBERS, type Ipv6Prefix, ipv6Prefixes, ipv6PrefixText, wordMask } from "./sets/ipv6-prefix.ts";
export { Ipv6Set } from "./sets/ipv6-set.ts";
export { MacSet } from "./sets/mac-set.ts";
export { type PortRange, PortSet } from "./sets/port-set.ts";
export { readSetFile, type SetFileEntries, type SetFileMistake } from "./sets/read-set-file.ts";
export type { Added, AddedUntil, BuildOptions, ChangeOptions, Removed } from "./sets/set-change.ts";
export { entryOf, entryText, type SetEntry, type SetEntryMistake } from "./sets/set-entry.ts";
