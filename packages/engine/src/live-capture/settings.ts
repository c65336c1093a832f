import { LONGEST_CAPTURE } from "@weir/programs";
import { EngineError } from "../errors.ts";
import type { CaptureOptions } from "../live-capture.ts";
import type { Mode } from "../mode.ts";
import { modeSetting, type SharingSettings, sharingSettings } from "../monitor/check-options.ts";
import type { Verdict } from "../replay-result.ts";

/** By the numbers of `enum xdp_action`. */
const VERDICTS: readonly Verdict[] = ["aborted", "drop", "pass", "tx", "redirect"];
const ALL_VERDICTS = 0xff;
const MEBIBYTE = 1024 * 1024;
const LARGEST_RING = 1024;
const LARGEST_SAMPLE = 2 ** 31;
/** setTimeout counts milliseconds in 31 bits. */
const LONGEST_DURATION = 2_147_483;

/** Options, checked and with the defaults filled in. */
export interface CaptureSettings {
  readonly mode: Mode;
  readonly sharing: SharingSettings;
  readonly snapLength: number;
  readonly sample: number;
  /** 0 is no limit. */
  readonly count: number;
  /** Milliseconds. */
  readonly duration: number | undefined;
  /** A bit for each verdict that is wanted. */
  readonly verdicts: number;
  /** What is not captured, in words, for the file. */
  readonly selection: string;
  /** Rules whose frames are wanted; undefined: all frames. */
  readonly sampled: CaptureOptions["sampled"];
  /** Bytes of blocks that the ring of each CPU holds: a power of two. */
  readonly ring: number;
}

/** @throws {EngineError} `WEIR_OPTION` */
export function captureSettings(options: CaptureOptions): CaptureSettings {
  const { snapLength = LONGEST_CAPTURE, sample = 1, count, duration, verdicts, ring = 8 } = options;
  whole("snapLength", snapLength, 1, LONGEST_CAPTURE);
  whole("sample", sample, 1, LARGEST_SAMPLE);
  if (count !== undefined) whole("count", count, 1, Number.MAX_SAFE_INTEGER);
  whole("ring", ring, 1, LARGEST_RING);
  if (duration !== undefined && !(duration > 0 && duration <= LONGEST_DURATION)) {
    throw wrong("duration", duration, `seconds up to ${LONGEST_DURATION}`);
  }
  checkSampled(options);
  return {
    mode: modeSetting(options.mode),
    sharing: sharingSettings(options),
    snapLength,
    sample,
    count: count ?? 0,
    duration: duration === undefined ? undefined : duration * 1000,
    verdicts: verdictBits(verdicts),
    selection: selectionText(options),
    sampled: options.sampled,
    ring: 2 ** Math.ceil(Math.log2(ring)) * MEBIBYTE,
  };
}

function verdictBits(verdicts: CaptureOptions["verdicts"]): number {
  if (verdicts === undefined) return ALL_VERDICTS;
  if (verdicts.length === 0) throw wrong("verdicts", "[]", "at least one verdict");
  return verdicts.reduce((bits, verdict) => {
    const number = VERDICTS.indexOf(verdict);
    if (number < 0) throw wrong("verdicts", verdict, `among ${VERDICTS.join(", ")}`);
    return bits | (1 << number);
  }, 0);
}

function checkSampled({ sampled, mode, shared, priority }: CaptureOptions): void {
  if (sampled === undefined) return;
  if (sampled.length === 0) throw wrong("sampled", "[]", 'at least one rule, or "all"');
  const isPlaced = (mode !== undefined && mode !== "auto") || shared || priority !== undefined;
  if (!isPlaced) return;
  throw new EngineError(
    "WEIR_OPTION",
    "what rules sample is captured where the rules are: leave mode, shared and priority out",
  );
}

function selectionText({ sample = 1, verdicts, sampled }: CaptureOptions): string {
  const parts = [
    ...(sampled === undefined
      ? []
      : [sampled === "all" ? "what rules sample" : `what rules sample: ${sampled.join(", ")}`]),
    ...(sample > 1 ? [`one frame in ${sample}, at random`] : []),
    ...(verdicts === undefined ? [] : [`verdict ${verdicts.join(" or ")} only`]),
  ];
  return parts.join("; ");
}

function whole(option: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw wrong(option, value, `a whole number from ${least} to ${most}`);
}

function wrong(option: string, value: unknown, allowed: string): EngineError {
  const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
  return new EngineError("WEIR_OPTION", `option ${option} is ${shown}; it must be ${allowed}`);
}
