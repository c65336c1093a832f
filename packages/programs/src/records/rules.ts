import { struct, u32, u64 } from "@weir/bytecode/layout";

/** What a rule does with a frame that it matches. */
export const RULE_PASS = 0;
export const RULE_DROP = 1;
/** Nothing but counting: the rules behind it are asked. */
export const RULE_COUNT = 2;

/** No rule decided about a frame. */
export const NO_RULE = 0xffff_ffff;

/** What there is to do for a rule (an element of map `RULES`, by the rule's place among those of the program). */
export const RuleAction = struct({
  /** Where it is counted, in each section of `RULE_COUNTS`. */
  slot: u32,
  action: u32,
});

/** What a rule counts (an element of map `RULE_COUNTS`): frames that it matched, when it was its turn. */
export const RuleCounts = struct({
  packets: u64,
  bytes: u64,
  /** Nanoseconds of CLOCK_MONOTONIC, to one tick of the kernel's clock; 0: it never matched. */
  last_seen_ns: u64,
});
