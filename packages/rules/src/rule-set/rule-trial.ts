import type { Sets } from "@weir/pcap-filter";
import { FrameCount, type Tally } from "./frame-count.ts";
import { Bucket, costOf, type Limit, type LimitCost, limitCost } from "./limit.ts";
import { limitKeyOf } from "./limit-key.ts";
import type { Action, Rule, RuleSet, Verdict } from "./rule-set.ts";
import { isWithin, type RuleWindow, windowOf } from "./rule-window.ts";

const PER_MILLISECOND = 1_000_000n;

/** A frame on which rules are tried. */
export interface TriedFrame {
  /** From the Ethernet destination address on, as many bytes as were captured. */
  readonly bytes: Uint8Array;
  /** Bytes of the whole frame, which is what expressions and limits go by. */
  readonly length: number;
  /** Nanoseconds since 1970; undefined: as late as the frame before. */
  readonly time: bigint | undefined;
}

/** What becomes of a frame. */
export interface Decision {
  readonly verdict: Verdict;
  /** Name of the rule that decided; when the default did, of the first that matched; null when none did. */
  readonly rule: string | null;
}

/** What a rule was for. */
export interface RuleTally extends Tally {
  readonly name: string;
  readonly action: Action["kind"];
  /** Of a limit: what was above its rate. */
  readonly over: Tally | undefined;
}

/** What was dropped, and by what. */
export interface DroppedTally extends Tally {
  readonly byRule: Tally;
  /** Above the rate of a limit. */
  readonly byLimit: Tally;
  readonly byDefault: Tally;
}

/**
 * What rules did with all frames. *passed + dropped = all frames*, and each is decided by one rule or by the default: so
 * *dropped = by a rule + by a limit + by the default*.
 */
export interface TrialResult {
  /** In their order; each has the frames that came as far and matched. */
  readonly rules: readonly RuleTally[];
  /** The frames for which no rule decided. */
  readonly default: Tally & { readonly action: Verdict };
  readonly passed: Tally;
  readonly dropped: DroppedTally;
}

/**
 * Tries rules on frames, without the kernel: the same rules decide in the same order, sets have what their file says, and limits and the
 * times when rules hold go by the times of the frames.
 *
 * @example
 * ```ts
 * const { rules } = readRules("rules.yaml");
 * const trial = new RuleTrial(rules, new SetContents(loadSets(rules)));
 * trial.decide({ bytes: frame, length: frame.length, time: undefined }); // { verdict: "drop", rule: "dns" }
 * trial.result.rules; // [{ name: "dns", action: "drop", packets: 1, bytes: 60, over: undefined }]
 * ```
 */
export class RuleTrial {
  readonly #rules: readonly TriedRule[];
  readonly #sets: Sets;
  readonly #default: { readonly action: Verdict; readonly tally: FrameCount };
  readonly #passed = new FrameCount();
  readonly #dropped = { rule: new FrameCount(), limit: new FrameCount(), default: new FrameCount() };
  #start: bigint | undefined;
  #now: bigint;

  /** @param now nanoseconds since 1970, for frames before the first one that has a time */
  constructor(rules: RuleSet, sets: Sets, now = BigInt(Date.now()) * PER_MILLISECOND) {
    this.#rules = rules.rules.map((rule) => new TriedRule(rule));
    this.#sets = sets;
    this.#default = { action: rules.default, tally: new FrameCount() };
    this.#now = now;
  }

  /** What becomes of the next frame. */
  decide(frame: TriedFrame): Decision {
    this.#now = frame.time ?? this.#now;
    this.#start ??= this.#now;
    const { verdict, rule, by } = this.#decisionOf(frame);
    const count = verdict === "pass" ? this.#passed : this.#dropped[by];
    count.add(frame.bytes);
    return { verdict, rule };
  }

  get result(): TrialResult {
    const { action, tally } = this.#default;
    return {
      rules: this.#rules.map((rule) => rule.tally),
      default: { action, ...tally.tally },
      passed: this.#passed.tally,
      dropped: droppedTally(this.#dropped),
    };
  }

  #decisionOf(frame: TriedFrame): Decision & { readonly by: Cause } {
    let first: string | null = null;
    for (const rule of this.#rules) {
      if (!rule.holds(this.#now, this.#start ?? this.#now)) continue;
      if (!rule.rule.filter.matches(frame.bytes, frame.length, this.#sets)) continue;
      const verdict = rule.take(frame, this.#now);
      const { name, action } = rule.rule;
      if (verdict !== undefined) return { verdict, rule: name, by: action.kind === "limit" ? "limit" : "rule" };
      first ??= rule.rule.name;
    }
    this.#default.tally.add(frame.bytes);
    return { verdict: this.#default.action, rule: first, by: "default" };
  }
}

/** What can decide about a frame. */
type Cause = "rule" | "limit" | "default";

function droppedTally(counts: Readonly<Record<Cause, FrameCount>>): DroppedTally {
  const [byRule, byLimit, byDefault] = [counts.rule.tally, counts.limit.tally, counts.default.tally];
  const all = [byRule, byLimit, byDefault];
  const sum = (of: (tally: Tally) => number): number => all.reduce((total, tally) => total + of(tally), 0);
  return { packets: sum(({ packets }) => packets), bytes: sum(({ bytes }) => bytes), byRule, byLimit, byDefault };
}

class TriedRule {
  readonly rule: Rule;
  #window: RuleWindow | undefined;
  readonly #matched = new FrameCount();
  readonly #over = new FrameCount();
  readonly #limit: { readonly of: Limit; readonly cost: LimitCost } | undefined;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rule: Rule) {
    this.rule = rule;
    const { action } = rule;
    this.#limit = action.kind === "limit" ? { of: action, cost: limitCost(action) } : undefined;
  }

  /** Whether the rule holds at a time, having been applied at the start. */
  holds(now: bigint, start: bigint): boolean {
    this.#window ??= windowOf(this.rule, start);
    return isWithin(this.#window, now);
  }

  /** Counts a frame that matches; undefined: the next rule is asked. */
  take(frame: TriedFrame, now: bigint): Verdict | undefined {
    this.#matched.add(frame.bytes);
    const { kind } = this.rule.action;
    if (kind === "pass" || kind === "drop") return kind;
    if (this.#limit === undefined || this.#conforms(this.#limit, frame, now)) return undefined;
    this.#over.add(frame.bytes);
    return "drop";
  }

  #conforms({ of, cost }: { of: Limit; cost: LimitCost }, { bytes, length }: TriedFrame, now: bigint): boolean {
    const key = limitKeyOf(of.per, bytes);
    const bucket = this.#buckets.get(key) ?? new Bucket();
    this.#buckets.set(key, bucket);
    return bucket.takes(costOf(cost, length), cost.burst, now);
  }

  get tally(): RuleTally {
    const { name, action } = this.rule;
    return { name, action: action.kind, ...this.#matched.tally, over: this.#limit && this.#over.tally };
  }
}
