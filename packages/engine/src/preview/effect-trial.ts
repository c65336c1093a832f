import { FrameCount, type LoadedSet, type RuleSet, RuleTrial, SetContents } from "@weir/rules";
import type { Frame } from "../captures/frame.ts";
import { type CutOff, cutOffBy } from "../rules/guard.ts";
import type { Schedule } from "../rules/schedule.ts";
import type { SshSession } from "../rules/ssh-session.ts";
import { DroppedConnections } from "./dropped-connections.ts";
import type { RulesEffect } from "./effect.ts";
import { SessionFrames } from "./session-frames.ts";

/** Rules, and what is in their sets. */
export interface RulesWithSets {
  readonly rules: RuleSet;
  readonly contents: readonly LoadedSet[];
}

/** What else is to be known of frames. */
export interface EffectQuestions {
  readonly session: SshSession | undefined;
  /** When the rules will hold. */
  readonly schedule: Schedule;
  /** Rules that are there. */
  readonly present: RulesWithSets | undefined;
}

/** Tries rules on frames, and adds up what they would do. */
export class EffectTrial {
  readonly #trial: RuleTrial;
  readonly #present: RuleTrial | undefined;
  readonly #cutOff: readonly CutOff[];
  readonly #session: SessionFrames | undefined;
  readonly #dropped = new DroppedConnections();
  readonly #newlyDropped = new FrameCount();
  readonly #noLongerDropped = new FrameCount();
  #frames = 0;

  constructor(wanted: RulesWithSets, { session, schedule, present }: EffectQuestions) {
    this.#trial = trialOf(wanted);
    this.#present = present && trialOf(present);
    this.#cutOff = cutOffBy(wanted.rules, [{ schedule, sets: new SetContents(wanted.contents) }], session);
    this.#session = session && new SessionFrames(session);
  }

  take({ bytes, originalLength: length, time }: Frame): void {
    this.#frames += 1;
    const frame = { bytes, length, time };
    const isDropped = this.#trial.decide(frame).verdict === "drop";
    this.#session?.add(bytes, isDropped);
    if (isDropped) this.#dropped.add(bytes);
    if (this.#present === undefined) return;
    const wasDropped = this.#present.decide(frame).verdict === "drop";
    if (isDropped && !wasDropped) this.#newlyDropped.add(bytes);
    if (wasDropped && !isDropped) this.#noLongerDropped.add(bytes);
  }

  get effect(): RulesEffect {
    const result = this.#trial.result;
    const change = { newlyDropped: this.#newlyDropped.tally, noLongerDropped: this.#noLongerDropped.tally };
    return {
      frames: this.#frames,
      share: this.#frames === 0 ? 0 : result.dropped.packets / this.#frames,
      cutOff: this.#cutOff,
      session: this.#session?.result,
      ...result,
      ...this.#dropped.result,
      change: this.#present && change,
    };
  }
}

const trialOf = ({ rules, contents }: RulesWithSets): RuleTrial => new RuleTrial(rules, new SetContents(contents));
