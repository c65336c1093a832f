import fc from "fast-check";
import { expect, test } from "vitest";
import { framesOf, pcap } from "./capture-writer.ts";

const frame = fc.uint8Array({ maxLength: 200 });

test("gives back the frames of a file in either byte order", () => {
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 20 }), fc.boolean(), (frames, littleEndian) => {
      expect(framesOf(pcap(frames, { littleEndian })).map(({ bytes }) => bytes)).toEqual(frames);
    }),
    { numRuns: 50 },
  );
});

test.each([
  ["micro", 0xa1b2c3d4, 1_000_000_007_000n],
  ["nano", 0xa1b23c4d, 1_000_000_000_007n],
])("reads times in %sseconds, in both byte orders", (_, magic, time) => {
  for (const littleEndian of [true, false]) {
    const [first] = framesOf(pcap([Uint8Array.of(1, 2, 3)], { littleEndian, magic }));
    expect(first).toEqual({ bytes: Uint8Array.of(1, 2, 3), originalLength: 4, time });
  }
});

test("reads a file larger than its buffer", () => {
  const frames = Array.from({ length: 40 }, (_, index) => new Uint8Array(20_000 + index).fill(index));
  const large = new Uint8Array(600_000).fill(7);
  expect(framesOf(pcap([...frames, large, ...frames])).map(({ bytes }) => bytes)).toEqual([
    ...frames,
    large,
    ...frames,
  ]);
});

test("does not mind what the link type says of the frame check sequence", () => {
  expect(framesOf(pcap([Uint8Array.of(1)], { linkType: 0x5400_0001 }))).toHaveLength(1);
});
