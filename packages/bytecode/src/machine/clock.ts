/** Time, which stands still unless a test moves it. */
export class Clock {
  /** Nanoseconds since the machine started (CLOCK_MONOTONIC). */
  now = 1_000_000_000n;
  /** Nanoseconds of a jiffy: 1,000,000 with CONFIG_HZ=1000. */
  tick = 1_000_000n;

  get jiffies(): bigint {
    return this.now / this.tick;
  }
}
