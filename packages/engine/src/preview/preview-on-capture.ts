import { loadSets, type RuleSet } from "@weir/rules";
import { readCapture } from "../captures/capture.ts";
import { forEachFrame } from "../replay/replay.ts";
import { scheduleOf } from "../rules/schedule.ts";
import type { SshSession } from "../rules/ssh-session.ts";
import type { RulesEffect } from "./effect.ts";
import { EffectTrial } from "./effect-trial.ts";

/**
 * Tries rules on the frames of a capture file, and says what they would do, as {@link previewRules} does of what comes in. It needs no privilege.
 *
 * @example
 * ```ts
 * const { share, connections } = await previewOnCapture("trace.pcapng", readRules("rules.yaml").rules);
 * ```
 * @param options `session` whose frames are told apart; `signal` rejects with its reason
 * @throws {CaptureError} where the file is empty, no capture, damaged, cut off, or not of Ethernet
 * @throws {EngineError} `WEIR_FILE`
 * @throws {RulesError} `WEIR_CONFIG` when a file with the entries of a set is wrong
 */
export async function previewOnCapture(
  path: string,
  rules: RuleSet,
  { session, signal }: { readonly session?: SshSession | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<RulesEffect> {
  const trial = new EffectTrial(
    { rules, contents: loadSets(rules) },
    { session, schedule: scheduleOf(rules, undefined), present: undefined },
  );
  const frames = readCapture(path);
  try {
    await forEachFrame(frames, frames.next(), signal, (frame) => trial.take(frame));
    return trial.effect;
  } finally {
    frames.return(undefined);
  }
}
