/**
 * The rules stage: which rules a frame matches is found by a function that is made of them when they are applied, and put in the place of
 * `decide`; what they do is done here. It is compiled in or out (`--set filtering=…`), since it has maps of its own.
 */
import { u8, u32, type u64 } from "@weir/bytecode/layout";
import { arrayMap, atomicAdd, config, cpuNumber, subprogram, type XdpPacket } from "@weir/compiler/language";
import { NO_RULE, RULE_DROP, RuleAction, RuleCounts } from "../records/rules.ts";
import { now } from "./clock.bpf.ts";
import { sections } from "./settings.bpf.ts";

/** Whether there are rules. Fixed when the program is compiled. */
export const filtering = config("filtering", u8, 0);
/** Rules that a section of `RULE_COUNTS` has room for. */
const ruleSlots = config("rule_slots", u32, 1);
/** What becomes of frames that no rule decides about, as the action of a rule. */
const defaultAction = config("default_action", u32, 0);

/** What the rules of this program do, by their places. The last one is for frames that no rule decides about. */
export const RULES = arrayMap({ value: RuleAction, maxEntries: 1 });
/** A section for each CPU, and one for those that were plugged in later, which share it. */
export const RULE_COUNTS = arrayMap({ value: RuleCounts, maxEntries: 1, mmapable: true });

function countRule(slot: u32, length: u32): void {
  const cpu = cpuNumber();
  const section = cpu < sections ? cpu : sections;
  const counts = RULE_COUNTS.lookup(section * ruleSlots + slot);
  if (counts === null) return;
  if (cpu < sections) {
    counts.packets += 1;
    counts.bytes += length;
  } else {
    atomicAdd(counts, "packets", 1);
    atomicAdd(counts, "bytes", length);
  }
  counts.last_seen_ns = now();
}

/** Does what a rule does that does not decide; 0: the next ones are asked, 1: it decides after all. */
const act_on_rule = subprogram((_packet: XdpPacket, rule: u32, length: u32): u32 => {
  const action = RULES.lookup(rule);
  if (action !== null) countRule(action.slot, length);
  return 0;
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
  countRule(action.slot, length);
  return action.action === RULE_DROP ? 1 : 0;
}
