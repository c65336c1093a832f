import {
  type FrameTruth,
  frameTruths,
  missingCaptures,
  realCaptures,
  requireRoot,
  truthOfFrames,
} from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { countsIn, type PrintedCounts } from "./printed-counts.ts";
import { weirOutput } from "./weir.ts";

/** Of an Ethernet header. */
const SHORTEST = 14;
/** Every kernel takes frames up to this length for a test run, most a little more. */
const ALWAYS_TAKEN = 65_535;

/** What `weir replay --json` prints. */
interface PrintedReplay extends PrintedCounts {
  readonly frames: number;
  readonly skipped: { readonly tooShort: number; readonly tooLong: number };
  readonly verdicts: Readonly<Record<string, number>>;
}

/**
 * docs/counting.md reads the standards as the captures' README does, so its numbers have to come out and not one of the
 * alternatives that it allows.
 */
describe.skipIf(requireRoot() ?? missingCaptures()).concurrent("weir replay counts a real capture", () => {
  test.each(realCaptures().map((capture) => [capture.name, capture] as const))("%s", async (_, capture) => {
    const printed: PrintedReplay = JSON.parse(await weirOutput(["replay", capture.path, "--json"]));
    const frames = frameTruths(capture);
    const tooShort = frames.filter(({ length }) => length < SHORTEST).length;
    const tooLong = longest(frames, printed.skipped.tooLong);
    expect(tooLong.every(({ length }) => length > ALWAYS_TAKEN)).toBe(true);

    const taken = frames.filter((frame) => frame.length >= SHORTEST && !tooLong.includes(frame));
    expect(countsIn(printed)).toEqual(truthOfFrames(taken));
    expect(printed).toMatchObject({
      frames: taken.length,
      skipped: { tooShort, tooLong: tooLong.length },
      verdicts: { pass: taken.length, aborted: 0, drop: 0, tx: 0, redirect: 0, other: 0 },
    });
  });
});

function longest(frames: readonly FrameTruth[], count: number): readonly FrameTruth[] {
  return frames.toSorted((one, other) => other.length - one.length).slice(0, count);
}
