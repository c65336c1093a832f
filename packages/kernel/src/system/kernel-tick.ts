import { systemError } from "../errors/system-error.ts";
import { arena } from "../memory/arena.ts";
import { nativeCalls } from "../native/current-calls.ts";

/** From `linux/time.h`; its resolution is one tick. */
const CLOCK_MONOTONIC_COARSE = 6;

/**
 * The length of the kernel's tick in nanoseconds: what `jiffies` counts.
 *
 * @example
 * ```ts
 * tickNanoseconds(); // 4000000 with CONFIG_HZ=250
 * ```
 * @throws {KernelError}
 */
export function tickNanoseconds(): number {
  using resolution = arena().allocate(16);
  const result = nativeCalls().clockGetres(CLOCK_MONOTONIC_COARSE, resolution.address);
  if (result < 0) throw systemError("clock_getres", "CLOCK_MONOTONIC_COARSE", -result);
  return Number(resolution.view.getBigUint64(0, true)) * 1e9 + Number(resolution.view.getBigUint64(8, true));
}
