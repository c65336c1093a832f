import { systemError } from "../errors/system-error.ts";
import { arena } from "../memory/arena.ts";
import { nativeCalls } from "../native/current-calls.ts";

/** From `linux/time.h`. */
const CLOCK_REALTIME = 0;

/** How far two clocks are apart, in nanoseconds. */
export interface ClockOffset {
  /** Real time, since 1970, less CLOCK_MONOTONIC. */
  readonly offset: bigint;
  /** The offset is that exact, at the least. */
  readonly uncertainty: bigint;
}

/**
 * What to add to CLOCK_MONOTONIC, which kernel programs read, to have the time of day. It changes when somebody sets the
 * clock, as some hypervisors do ten times a second, and at leap seconds; not while it is slewed, which both clocks follow alike.
 *
 * @example
 * ```ts
 * process.hrtime.bigint() + realTimeOffset().offset; // nanoseconds since 1970
 * ```
 * @param readings how often the clocks are read, since something else may run in between; each takes about a microsecond
 * @throws {KernelError}
 */
export function realTimeOffset(readings = 10): ClockOffset {
  using time = arena().allocate(16);
  let best: ClockOffset | undefined;
  for (let reading = 0; reading < readings; reading++) {
    const before = process.hrtime.bigint();
    const result = nativeCalls().clockGettime(CLOCK_REALTIME, time.address);
    const after = process.hrtime.bigint();
    if (result < 0) throw systemError("clock_gettime", "CLOCK_REALTIME", -result);
    const real = time.view.getBigInt64(0, true) * 1_000_000_000n + time.view.getBigInt64(8, true);
    // The clock was read somewhere in between.
    const uncertainty = (after - before) / 2n + 1n;
    if (best === undefined || uncertainty < best.uncertainty) {
      best = { offset: real - (before + uncertainty), uncertainty };
    }
  }
  if (best === undefined) throw new RangeError("at least one reading is needed");
  return best;
}
