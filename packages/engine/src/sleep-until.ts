/**
 * Waits for a moment of `performance.now()`; false when the signal says that there is no more to wait for. By hand, because node:timers/promises takes
 * 4 ms to load.
 */
export function sleepUntil(due: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false);
    const abort = () => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(
      () => {
        signal.removeEventListener("abort", abort);
        resolve(true);
      },
      Math.max(due - performance.now(), 0),
    );
    signal.addEventListener("abort", abort, { once: true });
  });
}
