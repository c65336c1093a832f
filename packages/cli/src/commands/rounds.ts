import type { Monitor, Snapshot } from "@weir/engine";

/** How long a watch goes on. Times are in seconds. */
export interface Course {
  readonly interval: number;
  readonly duration?: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * The readings of a watch. When it is ended between two intervals, by the duration or the signal, it reads once more,
 * so that what came last is not lost.
 */
export async function* rounds(monitor: Monitor, course: Course): AsyncGenerator<readonly Snapshot[]> {
  const { interval, duration, signal } = course;
  // A duration of a whole number of intervals gives just so many readings, whichever of the two timers is the first.
  const whole = duration === undefined ? Number.POSITIVE_INFINITY : Math.floor(duration / interval + 1e-9);
  // That the last interface is gone is an end; who watched it asks the monitor which ones are.
  const endOfRemoved = (error: unknown) => {
    if (monitor.removed.some((removal) => removal === error)) return { done: true, value: undefined } as const;
    throw error;
  };
  const ended = Promise.withResolvers<"ended">();
  const end = () => ended.resolve("ended");
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  const timer = duration === undefined ? undefined : setTimeout(end, duration * 1000);
  const readings = monitor[Symbol.asyncIterator]();
  try {
    for (let round = 1; ; round++) {
      const next = await Promise.race([readings.next().catch(endOfRemoved), ended.promise]);
      if (next === "ended") return yield monitor.snapshot();
      if (next.done) return;
      yield next.value;
      if (round === whole && whole * interval > (duration ?? 0) - 1e-9) return;
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
    monitor.close();
  }
}
