import { systemError } from "../errors/system-error.ts";
import { arena } from "../memory/arena.ts";
import { nativeCalls } from "../native/current-calls.ts";

/** Clocks of clock_gettime(2). Programs in the kernel see `monotonic` as `bpf_ktime_get_ns`. */
const CLOCKS = { realtime: 0, monotonic: 1, "monotonic-coarse": 6, boottime: 7 } as const;

export type ClockName = keyof typeof CLOCKS;

/** The time of a clock in nanoseconds. */
export function clockTime(clock: ClockName): bigint {
  return readClock("clock_gettime", clock);
}

/**
 * The smallest step of a clock in nanoseconds. For `monotonic-coarse` it is the length of a jiffy: 4,000,000 when the
 * kernel's CONFIG_HZ is 250.
 */
export function clockResolution(clock: ClockName): bigint {
  return readClock("clock_getres", clock);
}

function readClock(call: "clock_gettime" | "clock_getres", clock: ClockName): bigint {
  using timespec = arena().allocate(16);
  const result = nativeCalls()[call](CLOCKS[clock], timespec.address);
  if (result < 0) throw systemError(call, `clock ${clock}`, -result);
  return timespec.view.getBigInt64(0, true) * 1_000_000_000n + timespec.view.getBigInt64(8, true);
}
