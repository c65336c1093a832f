import type { Sets } from "@weir/pcap-filter";
import { Bucket, costOf, type Limit, type LimitCost, limitCost } from "./limit.ts";
import { limitKeyOf } from "./limit-key.ts";
import type { Action, Rule, RuleSet, Verdict } from "./rule-set.ts";

const PER_MILLISECOND = 1_000_000n;
const PER_SECOND = 1_000_000_000n;

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

/** Frames, and their bytes as they were captured. */
export interface Tally {
  readonly packets: number;
  readonly bytes: number;
}

/** What a rule was for. */
export interface RuleTally extends Tally {
  readonly name: string;
  readonly action: Action["kind"];
  /** Of a limit: what was above its rate. */
  readonly over: Tally | undefined;
}

/** What rules did with all frames. *passed + dropped = all frames*, and each is decided by one rule or by the default. */
export interface TrialResult {
  /** In their order; each has the frames that came as far and matched. */
  readonly rules: readonly RuleTally[];
  /** The frames for which no rule decided. */
  readonly default: Tally & { readonly action: Verdict };
  readonly passed: Tally;
  readonly dropped: Tally;
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
  readonly #default: { readonly action: Verdict; readonly tally: Count };
  readonly #verdicts = { pass: new Count(), drop: new Count() };
  #start: bigint | undefined;
  #now: bigint;

  /** @param now nanoseconds since 1970, for frames before the first one that has a time */
  constructor(rules: RuleSet, sets: Sets, now = BigInt(Date.now()) * PER_MILLISECOND) {
    this.#rules = rules.rules.map((rule) => new TriedRule(rule));
    this.#sets = sets;
    this.#default = { action: rules.default, tally: new Count() };
    this.#now = now;
  }

  /** What becomes of the next frame. */
  decide(frame: TriedFrame): Decision {
    this.#now = frame.time ?? this.#now;
    this.#start ??= this.#now;
    const decision = this.#decisionOf(frame);
    this.#verdicts[decision.verdict].add(frame);
    return decision;
  }

  get result(): TrialResult {
    const { action, tally } = this.#default;
    return {
      rules: this.#rules.map((rule) => rule.tally),
      default: { action, ...tally.tally },
      passed: this.#verdicts.pass.tally,
      dropped: this.#verdicts.drop.tally,
    };
  }

  #decisionOf(frame: TriedFrame): Decision {
    let first: string | null = null;
    for (const rule of this.#rules) {
      if (!rule.holds(this.#now, this.#start ?? this.#now)) continue;
      if (!rule.rule.filter.matches(frame.bytes, frame.length, this.#sets)) continue;
      const verdict = rule.take(frame, this.#now);
      if (verdict !== undefined) return { verdict, rule: rule.rule.name };
      first ??= rule.rule.name;
    }
    this.#default.tally.add(frame);
    return { verdict: this.#default.action, rule: first };
  }
}

class Count {
  #packets = 0;
  #bytes = 0;

  add({ bytes }: TriedFrame): void {
    this.#packets += 1;
    this.#bytes += bytes.length;
  }

  get tally(): Tally {
    return { packets: this.#packets, bytes: this.#bytes };
  }
}

class TriedRule {
  readonly rule: Rule;
  readonly #matched = new Count();
  readonly #over = new Count();
  readonly #limit: { readonly of: Limit; readonly cost: LimitCost } | undefined;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rule: Rule) {
    this.rule = rule;
    const { action } = rule;
    this.#limit = action.kind === "limit" ? { of: action, cost: limitCost(action) } : undefined;
  }

  /** Whether the rule holds at a time, having been applied at the start. */
  holds(now: bigint, start: bigint): boolean {
    const { from, until, expires, ttl } = this.rule;
    const isBefore = (moment: number | undefined): boolean =>
      moment === undefined || now < BigInt(moment) * PER_MILLISECOND;
    const hasBegun = from === undefined || !isBefore(from);
    return (
      hasBegun && isBefore(until) && isBefore(expires) && (ttl === undefined || now < start + BigInt(ttl) * PER_SECOND)
    );
  }

  /** Counts a frame that matches; undefined: the next rule is asked. */
  take(frame: TriedFrame, now: bigint): Verdict | undefined {
    this.#matched.add(frame);
    const { kind } = this.rule.action;
    if (kind === "pass" || kind === "drop") return kind;
    if (this.#limit === undefined || this.#conforms(this.#limit, frame, now)) return undefined;
    this.#over.add(frame);
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
