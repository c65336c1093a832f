import { isWithin, type RuleWindow } from "@weir/rules";

/** When a rule holds on an interface: nanoseconds of CLOCK_MONOTONIC, as digits; before the machine started, with a sign. */
export interface AppliedWindow {
  /** When it was applied first as it is, from which its `ttl` counts. */
  readonly appliedAt: string;
  /** Left out: it has held since it was applied. */
  readonly from?: string;
  /** The first moment when it does not hold any more; left out: it stays. */
  readonly until?: string;
}

/** The windows of the rules that have times, by their names. */
export type AppliedWindows = Readonly<Record<string, AppliedWindow>>;

/** A window as it is pinned. */
export function appliedWindow(appliedAt: bigint, { from, until }: RuleWindow): AppliedWindow {
  return {
    appliedAt: String(appliedAt),
    ...(from !== undefined && { from: String(from) }),
    ...(until !== undefined && { until: String(until) }),
  };
}

/** When a window begins and ends. */
export function edgesOf({ from, until }: AppliedWindow): RuleWindow {
  return {
    from: from === undefined ? undefined : BigInt(from),
    until: until === undefined ? undefined : BigInt(until),
  };
}

/** Whether a window holds at a moment. */
export function holdsAt(window: AppliedWindow, time: bigint): boolean {
  return isWithin(edgesOf(window), time);
}

/** Whether a window is over at a moment. */
export function isOver({ until }: AppliedWindow, time: bigint): boolean {
  return until !== undefined && BigInt(until) <= time;
}
