import { describe, expect, test } from "vitest";
import { frameTruths, missingCaptures, realCaptures, truthOfFrames } from "../../src/index.ts";

describe.skipIf(missingCaptures())("what is known of each frame adds up to what is known of the capture", () => {
  test.each(realCaptures().map((capture) => [capture.name, capture] as const))("%s", (_, capture) => {
    const { counters, connections } = truthOfFrames(frameTruths(capture));
    expect(connections).toEqual(capture.truth.connections);
    // These three are the monitor's own, and so are the bytes of each protocol, and what is dropped.
    const { unattributed, overflow, sampled_out, ...others } = counters;
    const shared = Object.entries(others).filter(([name]) => !/_bytes$|^dropped_|_drops$/.test(name));
    expect(capture.truth.counters).toMatchObject(Object.fromEntries(shared));
    const attributed = Object.values(connections).reduce((sum, { packets }) => sum + packets, 0);
    expect({ unattributed, overflow, sampled_out }).toEqual({
      unattributed: Number(counters.frames) - attributed,
      overflow: 0,
      sampled_out: 0,
    });
  });
});
