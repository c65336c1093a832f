import type { Sets } from "@weir/pcap-filter";
import { hasTimes, momentText, type RuleSet, RuleTrial } from "@weir/rules";
import { EngineError } from "../errors.ts";
import { edgesOf } from "./applied-window.ts";
import { guardedFrames } from "./guarded-frames.ts";
import type { PresentRules } from "./new-rules.ts";
import { rulesOf } from "./rule-document.ts";
import { holdingAt, type Schedule, scheduleOf } from "./schedule.ts";
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
  return inWords(on.flatMap((one) => cutFrames(rules, one, session)));
}

/** Each of the frames that have to come through, in their order: undefined where it does. */
type CutFrames = readonly (CutOff | undefined)[];

function cutFrames(rules: RuleSet, { schedule, sets }: GuardedRules, session: SshSession | undefined): CutFrames {
  return guardedFrames(session).map(({ what, bytes }) => {
    const matching = rules.rules.filter(({ filter }) => filter.matches(bytes, bytes.length, sets));
    const drop = firstDrop({ ...rules, rules: matching }, schedule, sets, bytes);
    return drop && { what, ...drop };
  });
}

/** Several frames have one name: what is cut off first is said of them. */
function inWords(frames: CutFrames): readonly CutOff[] {
  const named = new Map<string, CutOff>();
  for (const cut of frames) if (cut !== undefined && isSooner(cut, named.get(cut.what))) named.set(cut.what, cut);
  return [...named.values()];
}

/** Whether one begins before another, or where there is no other. */
function isSooner({ from }: CutOff, other: CutOff | undefined): boolean {
  return other === undefined || (other.from !== null && (from === null || from < other.from));
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

/** Rules with what is in their sets, as they are or will be on an interface. */
export interface RulesInForce extends GuardedRules {
  readonly rules: RuleSet;
}

/**
 * Refuses a change of rules, or of their sets, with which they would cut off more than before, or sooner: whoever has put rules in force that cut something off has
 * meant it so.
 *
 * @param by what would cut off
 * @throws {EngineError} `WEIR_GUARD`
 */
export function checkChange(
  by: string,
  before: RulesInForce | undefined,
  after: RulesInForce,
  session: SshSession | undefined,
): void {
  const present = before === undefined ? [] : cutFrames(before.rules, before, session);
  const more = cutFrames(after.rules, after, session).map((cut, index) =>
    cut !== undefined && isSooner(cut, present[index]) ? cut : undefined,
  );
  const cutOff = inWords(more);
  if (cutOff.length > 0) throw cutOffError(by, cutOff);
}

/** The rules that are on an interface. @param sets what is in their sets */
export function inForce({ applied }: PresentRules, sets: Sets): RulesInForce {
  const rules = rulesOf(applied.document, applied.file);
  return { rules, schedule: scheduleOf(rules, applied), sets };
}

/** @param by what would cut off */
function cutOffError(by: string, cutOff: readonly CutOff[]): EngineError {
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
