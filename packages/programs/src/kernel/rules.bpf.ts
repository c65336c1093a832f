/**
 * The rules stage: which rules a frame matches is found by a function that is made of them when they are applied, and put in the place of
 * `decide`; what they do is done here. It is compiled in or out (`--set filtering=…`), since it has maps of its own.
 */
import { u8, u32, type u64 } from "@weir/bytecode/layout";
import { arrayMap, config, subprogram, type XdpPacket } from "@weir/compiler/language";
import { NO_RULE, RULE_DROP, RULE_LIMIT, RuleAction } from "../records/rules.ts";
import { limit_frame, limiting } from "./limit.bpf.ts";
import { countRule } from "./rule-counts.bpf.ts";

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
  if (limiting === 0 || action.action < RULE_LIMIT) return 0;
  return limit_frame(packet, action.action - RULE_LIMIT, action.slot, length);
});

/** The number of the first rule that decides about a frame, or `NO_RULE`. What is here stands for what rules are made into. */
const decide = subprogram((packet: XdpPacket, length: u32): u32 => {
  return act_on_rule(packet, 0, length) === 0 ? NO_RULE : 0;
});

/** 1 for a frame that the rules drop, 0 for one that they pass. */
export function filterFrame(packet: XdpPacket, length: u32): u64 {
  const rule = decide(packet, length);
  if (rule === NO_RULE) {
    countRule(0, length);
    return defaultAction;
  }
  const action = RULES.lookup(rule);
  if (action === null) return 0;
  // It has been counted, and is above the rate.
  if (limiting !== 0 && action.action >= RULE_LIMIT) return 1;
  countRule(action.slot, length);
  return action.action === RULE_DROP ? 1 : 0;
}
