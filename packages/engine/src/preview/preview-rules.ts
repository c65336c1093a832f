import { loadSets, type RuleSet } from "@weir/rules";
import { EngineError } from "../errors.ts";
import { Sleep } from "../live-capture/sleep.ts";
import { LiveFrames } from "../live-frames/live-frames.ts";
import type { Mode } from "../mode.ts";
import { modeSetting } from "../monitor/check-options.ts";
import { forEachFrame } from "../replay/replay.ts";
import { liveContents } from "../rules/change-set.ts";
import type { AppliedRules } from "../rules/pinned-rules.ts";
import { rulesBefore } from "../rules/restore.ts";
import { rulesOf } from "../rules/rule-document.ts";
import { holdingAt, scheduleOf } from "../rules/schedule.ts";
import type { SshSession } from "../rules/ssh-session.ts";
import type { RulesEffect } from "./effect.ts";
import { EffectTrial, type RulesWithSets } from "./effect-trial.ts";
import { EvenlyChosen } from "./evenly-chosen.ts";

/** How rules are tried on what comes in. */
export interface PreviewOptions {
  /** Seconds for which frames are looked at: above 0, up to 60. Default 3. */
  readonly seconds?: number | undefined;
  /** Of the program that is attached meanwhile where none is. Default `"auto"`. */
  readonly mode?: Mode | undefined;
  /** Whose frames are told apart. */
  readonly session?: SshSession | undefined;
  /** Rejects with the signal's reason; nothing stays attached. */
  readonly signal?: AbortSignal | undefined;
}

/** What rules would do with what comes in on an interface. */
export interface InterfaceEffect extends RulesEffect {
  readonly interface: string;
  /** For which frames were looked at. */
  readonly seconds: number;
  /** Frames that came in meanwhile; `frames` of them were tried, chosen evenly. */
  readonly seen: bigint;
  /** Those of them that could not be chosen, since there was no room for them. */
  readonly lost: bigint;
}

const SECONDS = 3;
const LONGEST = 60;
/** Frames that are tried, at most: 64 MiB for each interface. What is said of shares is right to half a percent. */
const MOST = 32_768;
/** Milliseconds between two looks at what came in. */
const INTERVAL = 10;

/**
 * Tries rules on the frames that come in on interfaces for some seconds, and says what they would do. Nothing is changed: frames are seen before
 * the programs that are there, also those that these drop, and where rules are in force the effect says what would change.
 *
 * @example
 * ```ts
 * const [effect] = await previewRules(["eth0"], readRules("rules.yaml").rules, { seconds: 3 });
 * console.log(`would drop ${100 * (effect?.share ?? 0)} %`);
 * ```
 * Sets have what their files say. Limits begin with all of their burst, and are tried with the frames that were chosen.
 * Needs root, or CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN; where a program is on an interface, CAP_SYS_ADMIN, and a kernel that is not locked down. Since
 * Linux 6.1.
 * @throws {EngineError} `WEIR_OPTION`, `WEIR_INTERFACE_DOWN`, `WEIR_LINK_TYPE`, `WEIR_MODE`; `WEIR_BUSY` where the kernel lets nobody look into the
 * program on an interface, or that was exchanged meanwhile
 * @throws {RulesError} `WEIR_CONFIG` when a file with the entries of a set is wrong
 * @throws {KernelError} `WEIR_NO_INTERFACE`, `WEIR_PERMISSION`
 */
export async function previewRules(
  names: readonly string[],
  rules: RuleSet,
  { seconds = SECONDS, mode, session, signal = new AbortController().signal }: PreviewOptions = {},
): Promise<readonly InterfaceEffect[]> {
  if (!(seconds > 0 && seconds <= LONGEST)) {
    throw new EngineError("WEIR_OPTION", `option seconds is ${seconds}; it must be above 0, and at most ${LONGEST}`);
  }
  const wanted = { rules, contents: loadSets(rules) };
  using open = new DisposableStack();
  const looks = names.map((name) => {
    const applied = appliedOn(name);
    const schedule = scheduleOf(rules, applied);
    return {
      trial: new EffectTrial(wanted, { session, schedule, present: applied && presentRules(name, applied) }),
      live: open.use(new LiveFrames(name, modeSetting(mode))),
      chosen: new EvenlyChosen(MOST),
    };
  });
  const drain = (): void => {
    for (const { live, chosen } of looks) live.drain((frame) => chosen.add(frame));
  };
  const start = performance.now();
  {
    using sleep = new Sleep(signal, seconds * 1000);
    while ((await sleep.for(INTERVAL)) === undefined) drain();
  }
  signal.throwIfAborted();
  for (const { live } of looks) live.stop();
  const looked = (performance.now() - start) / 1000;
  drain();
  const effects: InterfaceEffect[] = [];
  for (const { live, chosen, trial } of looks) {
    const frames = chosen.frames.values();
    await forEachFrame(frames, frames.next(), signal, (frame) => trial.take(frame));
    effects.push({ interface: live.interface, seconds: looked, ...live.counts, ...trial.effect });
  }
  return effects;
}

function appliedOn(name: string): AppliedRules | undefined {
  const { rules } = rulesBefore(name);
  return typeof rules === "string" ? undefined : rules;
}

/** Those of the rules on an interface that hold now, with what is in their sets now. */
function presentRules(name: string, { document, file, windows = {} }: AppliedRules): RulesWithSets {
  const rules = holdingAt(rulesOf(document, file), { windows }, process.hrtime.bigint());
  return { rules, contents: [...liveContents(name).values()] };
}
