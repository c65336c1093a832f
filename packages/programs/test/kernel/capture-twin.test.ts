import { requireRoot, requireTool, stayOnOneCpu } from "@weir/laboratory";
import { beforeAll, describe, expect, test } from "vitest";
import { captureObject } from "../../src/index.ts";
import { LoadedCapture, snapMask } from "../loaded-capture.ts";
import { randomFrame, randomNumbers } from "../random-frames.ts";
import { compileC } from "../twin/compile-c.ts";

const ALL = { snap_length: 96, sample_below: 0, limit: 0, multi_buffer: 0 };

function both(settings: typeof ALL) {
  using stack = new DisposableStack();
  const macros = Object.entries({ ...settings, snap_mask: snapMask(settings.snap_length) }).map(([name, value]) => [
    name.toUpperCase(),
    value,
  ]);
  const capture = stack.use(new LoadedCapture(captureObject(), settings));
  const twin = stack.use(new LoadedCapture(compileC("capture.c", Object.fromEntries(macros)), settings));
  const resources = stack.move();
  return { capture, twin, [Symbol.dispose]: () => resources.dispose() };
}

describe.skipIf(requireRoot() ?? requireTool("clang", "taskset"))("the capture and its twin in C", () => {
  // On one CPU, so that both have the same ring.
  beforeAll(stayOnOneCpu);

  test.for([
    ["whole frames", { ...ALL, snap_length: 65_535 }],
    ["a snap length", ALL],
    ["another one", { ...ALL, snap_length: 61 }],
    ["sampling", { ...ALL, sample_below: 2 ** 31 }],
    ["a limit", { ...ALL, limit: 1000 }],
    ["several buffers", { ...ALL, multi_buffer: 1 }],
  ] as const)("write the same blocks for random frames, until their rings are full: %s", ([, settings]) => {
    using pair = both(settings);
    const random = randomNumbers(0x5eed);
    for (let count = 0; count < 5000; count++) {
      const data = randomFrame(random);
      expect(pair.capture.program.testRun({ data }).verdict).toBe(pair.twin.program.testRun({ data }).verdict);
    }
    expect(pair.capture.counts()).toEqual(pair.twin.counts());
    expect(pair.capture.counts()).toMatchObject({ seen: 5000n, lost_uncopied: 0n, lost_no_ring: 0n });
    // Each has read the clock for itself.
    const timeless = (one: LoadedCapture) => one.blocks().map(({ time, ...block }) => block);
    expect(timeless(pair.capture)).toEqual(timeless(pair.twin));
    expect(pair.capture.blocks()).toHaveLength(Number(pair.capture.counts().written));
  });
});
