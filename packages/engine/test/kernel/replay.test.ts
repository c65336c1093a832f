import { requireRoot } from "@weir/testing";
import { describe, expect, test } from "vitest";
import { COUNTER_NAMES, type Connection, type Replay, replay } from "../../src/index.ts";
import { missingCaptures, pathOf, type RealCapture, realCaptures } from "../real-captures.ts";

/** A connection as the truth writes it. */
function rowOf({
  protocol,
  source,
  sourcePort,
  destination,
  destinationPort,
  kind,
  packets,
  bytes,
}: Connection): string {
  const row = [protocol.number, source, sourcePort, destination, destinationPort, kind, Number(packets), Number(bytes)];
  return JSON.stringify(row);
}

function expectTruth(result: Replay, { counters, connections }: RealCapture): void {
  const shared = COUNTER_NAMES.filter((name) => name in counters);
  const counted = Object.fromEntries(shared.map((name) => [name, Number(result.counters[name])]));
  expect(counted).toEqual(Object.fromEntries(shared.map((name) => [name, counters[name]])));
  expect(result.connections.map(rowOf).sort()).toEqual(connections.map((row) => JSON.stringify(row)).sort());
}

function expectNothing(result: Replay): void {
  expect(Object.values(result.counters).every((count) => count === 0n)).toBe(true);
  expect(result.connections).toEqual([]);
}

describe.skipIf(requireRoot() ?? missingCaptures())("replay of a real capture", () => {
  test.each(realCaptures().map((capture) => [capture.file, capture] as const))("%s", async (_, capture) => {
    const result = await replay(pathOf(capture));
    const { tooShort, tooLong } = result.skipped;
    expect(result.frames + tooShort + tooLong).toBe(capture.counters.frames);
    expect(result.verdicts).toEqual({ aborted: 0, drop: 0, pass: result.frames, tx: 0, redirect: 0, other: 0 });
    expect(result.counters.overflow).toBe(0n);
    expect(tooShort).toBe(capture.counters.eth_truncated);
    // The captures with such frames have no others.
    if (result.frames === 0) expectNothing(result);
    else expectTruth(result, capture);
  });
});
