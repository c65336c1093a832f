import { struct, u32, u64 } from "@weir/bytecode/layout";
import { ArrivalTime } from "./limits.ts";

/** What a rule does with a frame that it matches. */
export const RULE_PASS = 0;
export const RULE_DROP = 1;
/** Nothing but counting: the rules behind it are asked. */
export const RULE_COUNT = 2;
/** Dropping what is above a rate: from here on, an action is a limit, whose numbers are in map `LIMITS`, in the element behind so many. */
export const RULE_LIMIT = 3;
/** Logging: from here on, as much as the element of map `LOGS` says that is behind so many. */
export const RULE_LOG = 0x8000_0000;
/** Giving the frame to a capture: from here on, with the bit behind so many. */
export const RULE_SAMPLE = 0xffff_ff00;

/** No rule decided about a frame. */
export const NO_RULE = 0xffff_ffff;

/** Whether a protocol is in a chain of headers, as `in_chain` says it; `CHAIN_ENDED` where the frame ends before that is known. */
export const CHAIN_LACKS = 0;
export const CHAIN_HAS = 1;
export const CHAIN_ENDED = 2;

/** What there is to do for a rule (an element of map `RULES`, by the rule's place among those of the program). */
export const RuleAction = struct({
  /** Where it is counted, in each section of `RULE_COUNTS`. */
  slot: u32,
  action: u32,
});

/**
 * When a rule holds that has times (an element of map `RULE_WINDOWS`, by the rule's place among those of the program): nanoseconds of
 * CLOCK_MONOTONIC, compared with the kernel's ticks. It never holds where it ends at 0.
 */
export const RuleWindow = struct({
  from: u64,
  /** The first moment when it does not hold any more. */
  until: u64,
});

/** What a rule counts (an element of map `RULE_COUNTS`, a line of a CPU's cache): frames that it matched, when it was its turn. */
export const RuleCounts = struct({
  packets: u64,
  bytes: u64,
  /** Nanoseconds of CLOCK_MONOTONIC, to one tick of the kernel's clock; 0: it never matched. */
  last_seen_ns: u64,
  /** Those above the rate: of a limit, which dropped them, or of a log, which has no record of them. */
  over_packets: u64,
  over_bytes: u64,
  /** Of a limit for each source or flow: those that passed because there was no room to remember theirs. Of a log: those whose records found none. */
  no_room: u64,
  /** Of a limit: those that passed, and were charged, though it could not be told whether they were above the rate: other CPUs were quicker. */
  contended: u64,
  /** In the last section: of the limit that has this place. */
  limit: ArrivalTime,
});
