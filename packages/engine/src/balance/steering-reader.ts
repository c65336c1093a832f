import { errnoName } from "@weir/kernel";
import type { AttachedMode } from "../mode.ts";
import { readUntilHeld } from "../read-until-held.ts";
import type { Steering, SteeringTarget } from "../steering.ts";
import type { Outcomes, TargetOutcome } from "./outcomes.ts";
import type { PlannedTarget, SteeringPlan } from "./steering-plan.ts";
import type { SteeredSums, TargetFrames } from "./target-frames.ts";

const NOTHING: SteeredSums = { packets: 0n, bytes: 0n, absent: 0n };

/** Where a reader reads. */
export interface SteeringSources {
  readonly frames: TargetFrames;
  readonly outcomes: Outcomes | undefined;
  /** Frames that the program has seen by now. */
  seen(): bigint;
}

/** Reads what was steered; remembers the reading before, for the rates. */
export class SteeringReader {
  readonly #plan: SteeringPlan;
  readonly #sources: SteeringSources;
  readonly #tellsDelivery: boolean;
  #earlier: { readonly time: bigint; readonly given: readonly SteeredSums[] };

  /** @param attachedAt nanoseconds of CLOCK_MONOTONIC */
  constructor(plan: SteeringPlan, mode: AttachedMode, sources: SteeringSources, attachedAt: bigint) {
    this.#plan = plan;
    this.#sources = sources;
    this.#tellsDelivery = plan.tellsDelivery(mode);
    this.#earlier = { time: attachedAt, given: [] };
  }

  /** @param keep whether the rates of the next reading begin here */
  read(keep: boolean): Steering {
    const { kind, targets } = this.#plan;
    const time = process.hrtime.bigint();
    // Before the program's counters: so nothing can have been delivered that was not given.
    const outcomes = targets.map((target) => this.#sources.outcomes?.read(target));
    const reading = readUntilHeld(
      () => this.#readFrames(),
      ({ holds }) => holds,
    );
    const [passed = NOTHING, ...elements] = reading.frames;
    // In a mirror all targets share one element: each of them got each frame.
    const given = targets.map((_, index) => (kind === "mirror" ? elements[0] : elements[index]) ?? NOTHING);
    const seconds = Math.max(Number(time - this.#earlier.time), 1) / 1e9;
    const listed = targets.map((target, index) => {
      const sums = given[index] ?? NOTHING;
      const before = this.#earlier.given[index] ?? NOTHING;
      return this.#target(target, sums, before, seconds, outcomes[index]);
    });
    if (keep) this.#earlier = { time, given };
    return {
      kind,
      passed: { packets: passed.packets, bytes: passed.bytes },
      redirected: elements.reduce((sum, { packets }) => sum + packets, 0n),
      targets: listed,
      holds: reading.holds,
    };
  }

  #readFrames(): { readonly frames: readonly SteeredSums[]; readonly holds: boolean } {
    const before = this.#sources.seen();
    const frames = this.#sources.frames.read();
    const after = this.#sources.seen();
    const sum = frames.reduce((packets, element) => packets + element.packets, 0n);
    return { frames, holds: before <= sum && sum <= after };
  }

  #target(
    { target }: PlannedTarget,
    { packets, bytes, absent }: SteeredSums,
    before: SteeredSums,
    seconds: number,
    told: TargetOutcome | undefined,
  ): SteeringTarget {
    const rates = {
      packetsPerSecond: Number(packets - before.packets) / seconds,
      bytesPerSecond: Number(bytes - before.bytes) / seconds,
    };
    const own = { target, packets, bytes, ...rates };
    if (told === undefined) {
      return { ...own, delivered: null, dropped: null, errors: null, lastError: null, outstanding: null, absent };
    }
    const { outcome, errors } = told;
    const delivered = this.#tellsDelivery ? outcome.delivered : null;
    const dropped = outcome.dropped + outcome.no_memory;
    const error = errors.last_error || outcome.last_error;
    return {
      ...own,
      delivered,
      dropped,
      errors: errors.frames,
      lastError: error === 0 ? null : errnoName(-error),
      outstanding: delivered === null ? null : packets - delivered - dropped - errors.frames,
      absent,
    };
  }
}
