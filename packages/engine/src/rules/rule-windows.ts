import type { Decoded } from "@weir/bytecode/layout";
import { ArrayMap, type LoadedObject, realTimeOffset } from "@weir/kernel";
import { RuleWindow } from "@weir/programs";
import { hasTimes, type RuleSet, windowOf } from "@weir/rules";
import { type AppliedWindows, appliedWindow, edgesOf } from "./applied-window.ts";
import type { AppliedRules } from "./pinned-rules.ts";
import { actionText, entryOf, type RuleEntry } from "./rule-document.ts";

/** The map with when rules hold. */
export const RULE_WINDOWS = "RULE_WINDOWS";

/** No machine runs so long. */
const NEVER = 2n ** 64n - 1n;

/** The time, by both clocks. */
export interface Clocks {
  /** Nanoseconds of CLOCK_MONOTONIC, which the kernel program goes by. */
  readonly now: bigint;
  /** What to add to have nanoseconds since 1970. */
  readonly offset: bigint;
}

/** What the clocks say now. */
export function currentClocks(): Clocks {
  return { now: process.hrtime.bigint(), offset: realTimeOffset().offset };
}

/**
 * When rules hold that are applied now. A `ttl` goes on from what it was for a rule that is there already, with the same expression, action and
 * `ttl`; moments go by the clock as it is now.
 *
 * @param before what is in force
 */
export function windowsOf(rules: RuleSet, before: AppliedRules | undefined, { now, offset }: Clocks): AppliedWindows {
  const present = new Map(before?.document.rules.map((entry) => [entry.name, entry]));
  return Object.fromEntries(
    rules.rules.filter(hasTimes).map((rule) => {
      const { name } = rule;
      const known = goesOn(present.get(name), entryOf(rule)) ? before?.windows?.[name] : undefined;
      const appliedAt = known === undefined ? now : BigInt(known.appliedAt);
      const { from, until } = windowOf(rule, appliedAt + offset);
      return [name, appliedWindow(appliedAt, { from: minus(from, offset), until: minus(until, offset) })];
    }),
  );
}

/** Fills the map with the windows of rules, where some have times. */
export function fillWindows(object: LoadedObject, applied: AppliedRules): void {
  if (applied.windows === undefined) return;
  using table = ArrayMap.of(object.map(RULE_WINDOWS), { value: RuleWindow });
  for (const [index, window] of kernelWindows(applied)) table.set(index, window);
}

/** The windows of rules as the kernel program has them, by the places of their rules. */
export function kernelWindows({
  document,
  windows = {},
}: AppliedRules): readonly (readonly [number, Decoded<typeof RuleWindow>])[] {
  const byName = new Map(Object.entries(windows));
  return document.rules.flatMap(({ name }, index) => {
    const window = byName.get(name);
    return window === undefined ? [] : [[index, kernelWindow(edgesOf(window))] as const];
  });
}

/** A moment that the kernel's clock cannot tell is before the machine started, or never. */
function kernelWindow({ from = 0n, until = NEVER }: ReturnType<typeof edgesOf>): Decoded<typeof RuleWindow> {
  const within = (time: bigint): bigint => (time < 0n ? 0n : time < NEVER ? time : NEVER);
  return { from: within(from), until: within(until) };
}

function minus(time: bigint | undefined, offset: bigint): bigint | undefined {
  return time === undefined ? undefined : time - offset;
}

function goesOn(one: RuleEntry | undefined, other: RuleEntry): boolean {
  if (one?.ttl === undefined) return false;
  return one.ttl === other.ttl && one.match === other.match && actionText(one.action) === actionText(other.action);
}
