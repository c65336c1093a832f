import type { Sets } from "@weir/pcap-filter";
import { hasTimes, momentText, type RuleSet, RuleTrial } from "@weir/rules";
import { EngineError } from "../errors.ts";
import { edgesOf } from "./applied-window.ts";
import { guardedFrames } from "./guarded-frames.ts";
import { holdingAt, type Schedule } from "./schedule.ts";
import type { SshSession } from "./ssh-session.ts";

const PER_MILLISECOND = 1_000_000n;

/** What rules, or a change of them or their sets, are tried for. */
export interface GuardOptions {
  /** Refuses what would drop ARP, neighbour discovery or DHCP. Default true. */
  readonly guard?: boolean | undefined;
  /** The session that the guard keeps besides. */
  readonly session?: SshSession | undefined;
}

/** How rules will be on an interface. */
export interface GuardedRules {
  readonly schedule: Schedule;
  readonly sets: Sets;
}

/** What a machine needs to be reached, and rules would drop. */
export interface CutOff {
  /** `ARP`, `your session from 192.0.2.7 port 50000`. */
  readonly what: string;
  /** The rule that drops it; null where the default does. */
  readonly rule: string | null;
  /** From when on, where that is later; null: at once. */
  readonly from: Date | null;
}

/**
 * What rules would cut off: of a session, or of what a machine needs to be reached at all; now, or later, when a rule begins or ends.
 *
 * @param on how they will be on each of the interfaces
 */
export function cutOffBy(
  rules: RuleSet,
  on: readonly GuardedRules[],
  session: SshSession | undefined,
): readonly CutOff[] {
  const dropped = new Map<string, CutOff>();
  for (const { what, bytes } of guardedFrames(session)) {
    for (const { schedule, sets } of on) {
      const matching = rules.rules.filter(({ filter }) => filter.matches(bytes, bytes.length, sets));
      const drop = firstDrop({ ...rules, rules: matching }, schedule, sets, bytes);
      if (drop !== undefined) dropped.set(what, { what, ...drop });
    }
  }
  return [...dropped.values()];
}

/**
 * Refuses rules that would cut off whoever applies them: that drop a frame of their session, or of what a machine needs to be reached at all, now
 * or later, when a rule begins or ends.
 *
 * @param on how they will be on each of the interfaces
 * @throws {EngineError} `WEIR_GUARD` with what would be dropped, and by which rule
 */
export function checkGuard(rules: RuleSet, on: readonly GuardedRules[], session: SshSession | undefined): void {
  const cutOff = cutOffBy(rules, on, session);
  if (cutOff.length > 0) throw cutOffError(`${rules.file}: these rules`, cutOff);
}

/** @param by what would cut off */
export function cutOffError(by: string, cutOff: readonly CutOff[]): EngineError {
  const lines = cutOff.map(({ what, rule, from }) => {
    const why = rule === null ? "no rule passes it, and the default drops" : `rule "${rule}"`;
    return `  ${what}: ${why}${from === null ? "" : `, from ${momentText(from.getTime())} on`}`;
  });
  return new EngineError(
    "WEIR_GUARD",
    `${by} would drop what the machine needs to be reached; nothing was changed\n${lines.join("\n")}\n` +
      "  Put rules before that pass it, such as { name: arp, match: arp, action: pass }; or, if it is meant so, say --no-guard.",
  );
}

/** By which rule a frame is dropped, and from when on, if it ever is: tried now, and whenever one of the rules begins or ends. */
function firstDrop(
  rules: RuleSet,
  schedule: Schedule,
  sets: Sets,
  bytes: Uint8Array,
): Omit<CutOff, "what"> | undefined {
  const { now, offset } = schedule.clocks;
  const edges = rules.rules.filter(hasTimes).flatMap(({ name }) => {
    const window = schedule.windows[name];
    if (window === undefined) return [];
    const { from, until } = edgesOf(window);
    return [from, until];
  });
  const later = edges.flatMap((edge) => (edge === undefined || edge <= now ? [] : [edge]));
  for (const moment of [now, ...later.toSorted((one, other) => (one < other ? -1 : 1))]) {
    // Anew for each: a limit lets the first frame through.
    const trial = new RuleTrial(holdingAt(rules, schedule, moment), sets);
    const { verdict, rule } = trial.decide({ bytes, length: bytes.length, time: undefined });
    if (verdict !== "drop") continue;
    return { rule, from: moment === now ? null : new Date(Number((moment + offset) / PER_MILLISECOND)) };
  }
  return undefined;
}
