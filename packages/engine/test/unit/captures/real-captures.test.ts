import { describe, expect, test } from "vitest";
import { readCapture } from "../../../src/captures/capture.ts";
import { missingCaptures, pathOf, realCaptures } from "../../real-captures.ts";

describe.skipIf(missingCaptures())("reads all frames of a real capture", () => {
  test.each(realCaptures().map((capture) => [capture.file, capture] as const))("%s", (_, capture) => {
    const read = { frames: 0, bytes: 0, wire_bytes: 0 };
    for (const { bytes, originalLength } of readCapture(pathOf(capture))) {
      read.frames += 1;
      read.bytes += bytes.length;
      read.wire_bytes += originalLength;
    }
    const { frames, bytes, wire_bytes } = capture.counters;
    expect(read).toEqual({ frames, bytes, wire_bytes });
  });
});
