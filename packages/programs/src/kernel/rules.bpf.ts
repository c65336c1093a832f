/**
 * The rules stage: which rules a frame matches is found by a function that is made of them when they are applied, and put in the place of
 * `decide`; what they do is done here. It is compiled in or out (`--set filtering=…`), since it has maps of its own.
 */
import { u8, u32, type u64, type Value } from "@weir/bytecode/layout";
import { arrayMap, config, subprogram, type XdpPacket } from "@weir/compiler/language";
import { NO_RULE, RULE_DROP, RULE_LIMIT, RULE_LOG, RuleAction } from "../records/rules.ts";
import type { Stats } from "../records/stats.ts";
import { in_chain } from "./header-chain.bpf.ts";
import { limit_frame, limiting } from "./limit.bpf.ts";
import { noteReport, reporting } from "./reports.bpf.ts";
import { countRule } from "./rule-counts.bpf.ts";
import { holdsNow } from "./rule-window.bpf.ts";

/** Whether there are rules. Fixed when the program is compiled. */
export const filtering = config("filtering", u8, 0);
/** What becomes of frames that no rule decides about, as the action of a rule. */
const defaultAction = config("default_action", u32, 0);

/** What the rules of this program do, by their places. The last one is for frames that no rule decides about. */
export const RULES = arrayMap({ value: RuleAction, maxEntries: 1 });
/** Does what a rule does that does not decide; 0: the next ones are asked, 1: it decides after all. */
const act_on_rule = subprogram((packet: XdpPacket, rule: u32, length: u32): u32 => {
  const action = RULES.lookup(rule);
  if (action === null) return 0;
  countRule(action.slot, length);
  if (reporting !== 0 && action.action >= RULE_LOG) {
    noteReport(action.action, action.slot, length);
    return 0;
  }
  if (limiting === 0 || action.action < RULE_LIMIT) return 0;
  return limit_frame(packet, action.action - RULE_LIMIT, action.slot, length);
});

/** The same for a rule that has times, which decides too; outside its window it is as if it had not matched. Where no rule has any, it is left out. */
const act_on_timed_rule = subprogram((packet: XdpPacket, rule: u32, length: u32): u32 => {
  if (!holdsNow(rule)) return 0;
  const action = RULES.lookup(rule);
  if (action === null) return 0;
  // Whatever decides is counted in one place.
  return action.action <= RULE_DROP ? 1 : act_on_rule(packet, rule, length);
});

/**
 * The number of the first rule that decides about a frame, or `NO_RULE`. What is here stands for what rules are made into, and calls all that they
 * may call.
 */
const decide = subprogram((packet: XdpPacket, length: u32): u32 => {
  return act_on_timed_rule(packet, in_chain(packet, 0, 4, 0), length) === 0 ? NO_RULE : 0;
});

/** 1 for a frame that the rules drop, counted by what decided, 0 for one that they pass: what is passed is all the others. */
export function filterFrame(packet: XdpPacket, stats: Value<typeof Stats>, length: u32): u64 {
  const rule = decide(packet, length);
  if (rule === NO_RULE) {
    countRule(0, length);
    if (defaultAction !== RULE_DROP) return 0;
    stats.dropped_by_default += 1;
    stats.dropped_by_default_bytes += length;
    return 1;
  }
  const action = RULES.lookup(rule);
  if (action === null) return 0;
  if (limiting !== 0 && action.action >= RULE_LIMIT) {
    // The rule has counted it, and it is above the rate.
    stats.dropped_by_limit += 1;
    stats.dropped_by_limit_bytes += length;
    return 1;
  }
  countRule(action.slot, length);
  if (action.action !== RULE_DROP) return 0;
  stats.dropped_by_rule += 1;
  stats.dropped_by_rule_bytes += length;
  return 1;
}
