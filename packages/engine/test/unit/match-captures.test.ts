import { missingCaptures, requireTool } from "@weir/laboratory";
import { Filter } from "@weir/pcap-filter";
import { afterAll, beforeAll, expect, test } from "vitest";
import { match } from "../../src/index.ts";
import { allFrames, NumberedCapture } from "../fixtures/all-frames.ts";
import { expressions } from "../fixtures/expressions.ts";

const left = missingCaptures() ?? requireTool("tcpdump");
let frames: ReturnType<typeof allFrames> = [];
let capture: NumberedCapture;

beforeAll(() => {
  frames = allFrames();
  capture = new NumberedCapture(frames);
});
afterAll(() => capture[Symbol.dispose]());

test.skipIf(left)("over all captures, expressions match the frames that tcpdump shows", { timeout: 300_000 }, () => {
  expect(expressions.length).toBeGreaterThanOrEqual(300);
  expect(frames.length).toBeGreaterThan(20_000);
  let shown = 0;
  for (const expression of expressions) {
    const theirs = capture.shownByTcpdump(expression);
    const filter = new Filter(expression);
    const ours = frames.flatMap(({ bytes, originalLength }, index) =>
      filter.matches(bytes, originalLength) ? [index + 1] : [],
    );
    expect(ours, expression).toEqual(theirs);
    shown += Number(theirs.length > 0);
  }
  // Most are about something that is there.
  expect(shown / expressions.length).toBeGreaterThan(0.6);
});

test.skipIf(left)("a capture file gives each frame with its number", async () => {
  const ours: number[] = [];
  let count = 0;
  for await (const { number, matches } of match(capture.path, "tcp port 80")) {
    count += 1;
    expect(number).toBe(count);
    if (matches) ours.push(number);
  }
  expect(count).toBe(frames.length);
  expect(ours).toEqual(capture.shownByTcpdump("tcp port 80"));
});
