import { expect, test, vi } from "vitest";
import { type Course, rounds } from "../../src/commands/rounds.ts";
import { FakeMonitor } from "./fake-monitor.ts";

const never = new AbortController().signal;

async function framesOf(monitor: FakeMonitor, course: Partial<Course>): Promise<bigint[]> {
  const frames: bigint[] = [];
  for await (const [snapshot] of rounds(monitor, { interval: 0.03, signal: never, ...course })) {
    frames.push(snapshot?.counters.frames ?? -1n);
  }
  return frames;
}

/** With a clock of its own, so that a busy machine gives no interval away. */
async function framesUntil(milliseconds: number, monitor: FakeMonitor, course: Partial<Course>): Promise<bigint[]> {
  vi.useFakeTimers();
  try {
    const frames = framesOf(monitor, course);
    await vi.advanceTimersByTimeAsync(milliseconds);
    return await frames;
  } finally {
    vi.useRealTimers();
  }
}

test("a duration of whole intervals gives just so many readings", async () => {
  const monitor = new FakeMonitor({ interval: 30 });
  expect(await framesUntil(90, monitor, { duration: 0.09 })).toEqual([1n, 2n, 3n]);
  expect(monitor.closed).toBe(1);
});

test("a duration that is none gives one more at the end", async () => {
  const monitor = new FakeMonitor({ interval: 100 });
  expect(await framesUntil(150, monitor, { interval: 0.1, duration: 0.15 })).toEqual([1n, 2n]);
});

test("a signal that came before the first interval gives one reading", async () => {
  expect(await framesOf(new FakeMonitor({ interval: 10_000 }), { signal: AbortSignal.abort() })).toEqual([1n]);
});

test("a consumer that leaves closes the monitor", async () => {
  const monitor = new FakeMonitor();
  for await (const _ of rounds(monitor, { interval: 0.001, signal: never })) break;
  expect(monitor.closed).toBe(1);
});

test("failures of reading are not swallowed, removals are", async () => {
  const failing = new FakeMonitor({ readings: 1 });
  failing[Symbol.asyncIterator] = async function* () {
    yield failing.snapshot();
    throw new Error("the map is gone");
  };
  await expect(framesOf(failing, {})).rejects.toThrow("the map is gone");
  expect(failing.closed).toBe(1);
  expect(await framesOf(new FakeMonitor({ readings: 2 }), {})).toEqual([1n, 2n]);
});
