import type { Monitor, Snapshot } from "@weir/engine";
import { End, type EndOptions } from "./end.ts";

/** How long a watch goes on. Times are in seconds. */
export interface Course extends EndOptions {
  readonly interval: number;
}

type Reading = IteratorResult<readonly Snapshot[], unknown>;

/**
 * The readings of a watch. When it is ended between two intervals, by the duration or the signal, it reads once more,
 * so that what came last is not lost.
 */
export async function* rounds(monitor: Monitor, course: Course): AsyncGenerator<readonly Snapshot[]> {
  const { interval, duration = Number.POSITIVE_INFINITY } = course;
  // A duration of a whole number of intervals gives just so many readings, whichever of the two timers is the first.
  const whole = Math.floor(duration / interval + 1e-9);
  using end = new End(course);
  const readings = monitor[Symbol.asyncIterator]();
  try {
    for (let round = 1; ; round++) {
      const next = await end.orSooner(nextOf(readings, monitor));
      if (next === "ended") return yield monitor.snapshot();
      if (next.done) return;
      yield next.value;
      if (round === whole && whole * interval > duration - 1e-9) return;
    }
  } finally {
    monitor.close();
  }
}

/** That the last interface is gone is an end and no failure here: who watches asks the monitor which ones are. */
async function nextOf(readings: AsyncIterator<readonly Snapshot[]>, monitor: Monitor): Promise<Reading> {
  try {
    return await readings.next();
  } catch (error) {
    if (monitor.removed.some((removal) => removal === error)) return { done: true, value: undefined };
    throw error;
  }
}
