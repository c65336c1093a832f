import { KernelError } from "@weir/kernel";
import type { Decision, RuleTrial, TrialResult } from "@weir/rules";
import { readCapture } from "../captures/capture.ts";
import type { ReplayOptions } from "../options.ts";
import type { Replay } from "../replay-result.ts";
import { forEachFrame, MonitorRun, replaySettings } from "./replay.ts";

/** A frame of a capture file, and what rules decided. */
export interface DecidedFrame extends Decision {
  /** From 1, in the order of the file. */
  readonly number: number;
}

/** How rules are tried on a capture file. */
export interface TryRulesOptions extends ReplayOptions {
  /** Whether the frames are run through the monitor too, as `replay` does, where the kernel lets that. Default true. */
  readonly monitor?: boolean | undefined;
  /** Is told what becomes of each frame; the next one waits for a promise. */
  readonly onFrame?: ((frame: DecidedFrame) => void | Promise<void>) | undefined;
}

/** What rules did with the frames of a capture file. */
export interface RulesReplay extends TrialResult {
  /** All frames of the file: those that a monitor cannot be given too. */
  readonly frames: number;
  /** What the monitor counted; undefined where it was not asked for, or could not be loaded. */
  readonly monitor: Replay | undefined;
  /** Why the monitor could not be loaded. */
  readonly refusal: Error | undefined;
}

/**
 * Tries rules on the frames of a capture file, without an interface: in this process, which needs no privilege. Where the kernel can be used,
 * the frames are run through the monitor as well, as {@link replay} does.
 *
 * @example
 * ```ts
 * const { rules } = readRules("rules.yaml");
 * const { dropped } = await tryRules("trace.pcapng", new RuleTrial(rules, new SetContents(loadSets(rules))));
 * ```
 * A frame counts with the length that was captured; what expressions and limits say of lengths is about the whole frame.
 * @throws {CaptureError} where the file is empty, no capture, damaged, cut off, or not of Ethernet
 * @throws {EngineError} `WEIR_OPTION`, `WEIR_FILE`
 */
export async function tryRules(path: string, trial: RuleTrial, options: TryRulesOptions = {}): Promise<RulesReplay> {
  const settings = replaySettings(options);
  const { onFrame, signal } = options;
  const frames = readCapture(path);
  try {
    const first = frames.next();
    using run = options.monitor === false ? undefined : startIfPossible(() => new MonitorRun(settings));
    const monitor = run?.started;
    let number = 0;
    await forEachFrame(frames, first, signal, ({ bytes, originalLength, time }) => {
      number += 1;
      const decision = trial.decide({ bytes, length: originalLength, time });
      monitor?.take(bytes);
      return onFrame?.({ number, ...decision });
    });
    return { frames: number, ...trial.result, monitor: monitor?.result, refusal: run?.refusal };
  } finally {
    frames.return(undefined);
  }
}

/** What was started, or why the kernel did not let it. */
interface Started<What extends Disposable> extends Disposable {
  readonly started: What | undefined;
  readonly refusal: Error | undefined;
}

function startIfPossible<What extends Disposable>(start: () => What): Started<What> {
  try {
    const started = start();
    return { started, refusal: undefined, [Symbol.dispose]: () => started[Symbol.dispose]() };
  } catch (refusal) {
    if (!(refusal instanceof KernelError)) throw refusal;
    return { started: undefined, refusal, [Symbol.dispose]: () => {} };
  }
}
