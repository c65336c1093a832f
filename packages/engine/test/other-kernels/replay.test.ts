import {
  connectionsFrom,
  type FrameTruth,
  frameTruths,
  type RealCapture,
  realCaptures,
  type Truth,
  truthOfFrames,
} from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { type Replay, replay } from "../../src/index.ts";
import { captureFile, pcap } from "../unit/captures/capture-writer.ts";
import { ownFrames } from "./own-capture.ts";

const CAPTURES = 20;
/** Bytes of an Ethernet header. */
const SHORTEST = 14;

const chosen = evenly(realCaptures(), CAPTURES);

describe.skipIf(chosen.length === 0)("replay counts a real capture", () => {
  test.each(chosen.map((capture) => [capture.name, capture] as const))("%s", async (_, capture) => {
    const result = await replay(capture.path);
    const frames = frameTruths(capture).filter(({ length }) => length >= SHORTEST);
    expect(countsOf(result)).toEqual(truthOfFrames(withoutLongest(frames, result.skipped.tooLong)));
  });
});

/** As many as make up for real ones where those are not there. */
test.each(Array.from({ length: Math.max(1, CAPTURES - chosen.length) }, (_, index) => index + 1))(
  "replay counts capture %i of our own",
  async (seed) => {
    const frames = ownFrames(seed, 300);
    using file = captureFile(pcap(frames.map(({ bytes }) => bytes)));
    expect(countsOf(await replay(file.path))).toEqual(truthOfFrames(frames.map(({ truth }) => truth)));
  },
);

/** How long a frame may be for a test run depends on the kernel. */
function withoutLongest(frames: readonly FrameTruth[], count: number): FrameTruth[] {
  return frames.toSorted((one, other) => other.length - one.length).slice(count);
}

/** So many of them, from all over the list. */
function evenly(captures: readonly RealCapture[], count: number): RealCapture[] {
  return captures.filter(
    (_, index) => Math.floor((index * count) / captures.length) !== Math.floor(((index - 1) * count) / captures.length),
  );
}

function countsOf({ counters, connections }: Replay): Truth {
  const rows = connections.map(
    ({ protocol, source, sourcePort, destination, destinationPort, kind, packets, bytes }) => [
      ...[protocol.number, source, sourcePort, destination, destinationPort, kind],
      ...[Number(packets), Number(bytes)],
    ],
  );
  return {
    counters: Object.fromEntries(Object.entries(counters).map(([name, count]) => [name, Number(count)])),
    connections: connectionsFrom(rows),
  };
}
