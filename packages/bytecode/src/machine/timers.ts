import { EBUSY, EDEADLK, EINVAL } from "./errno.ts";
import type { FunctionPlace } from "./function-place.ts";
import type { MapElement } from "./maps/map-element.ts";

/** A `struct bpf_timer` that was initialised. */
export interface Timer {
  readonly element: MapElement;
  callback: FunctionPlace | undefined;
  /** When it fires; undefined while it is not armed. */
  expires: bigint | undefined;
  isRunning: boolean;
}

/** CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME: here one and the same. */
const CLOCKS = [0n, 1n, 7n];
/** `BPF_F_TIMER_ABS` and `BPF_F_TIMER_CPU_PIN`. */
const ABSOLUTE = 1n;
const PINNED = 2n;

/** The timers in the values of maps (Linux 5.15), by their addresses. */
export class Timers {
  readonly #timers = new Map<bigint, Timer>();

  /** `bpf_timer_init`. */
  init(address: bigint, element: MapElement, flags: bigint): bigint {
    if (!CLOCKS.includes(flags)) return EINVAL;
    if (this.#timers.has(address)) return EBUSY;
    this.#timers.set(address, { element, callback: undefined, expires: undefined, isRunning: false });
    return 0n;
  }

  /** `bpf_timer_set_callback`. */
  setCallback(address: bigint, callback: FunctionPlace): bigint {
    const timer = this.#timers.get(address);
    if (timer === undefined) return EINVAL;
    timer.callback = callback;
    return 0n;
  }

  /** `bpf_timer_start`. */
  start(address: bigint, nanoseconds: bigint, flags: bigint, now: bigint): bigint {
    const timer = this.#timers.get(address);
    if ((flags & ~(ABSOLUTE | PINNED)) !== 0n || timer?.callback === undefined) return EINVAL;
    timer.expires = (flags & ABSOLUTE) === 0n ? now + nanoseconds : nanoseconds;
    return 0n;
  }

  /** `bpf_timer_cancel`: 1 when it was armed. It has no callback any more. */
  cancel(address: bigint): bigint {
    const timer = this.#timers.get(address);
    if (timer === undefined) return EINVAL;
    if (timer.isRunning) return EDEADLK;
    const wasArmed = timer.expires !== undefined;
    timer.expires = undefined;
    timer.callback = undefined;
    return wasArmed ? 1n : 0n;
  }

  /** Forgets those in memory that is no longer a map's. */
  forget(base: bigint, length: number): void {
    for (const address of this.#timers.keys()) {
      if (address >= base && address < base + BigInt(length)) this.#timers.delete(address);
    }
  }

  /** The timer that is the next to fire, not after `until`. It is not armed any more. */
  nextUntil(until: bigint): { readonly timer: Timer; readonly expired: bigint } | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers.values()) {
      if (timer.expires === undefined || timer.expires > until) continue;
      if (next?.expires === undefined || timer.expires < next.expires) next = timer;
    }
    if (next?.expires === undefined) return undefined;
    const expired = next.expires;
    next.expires = undefined;
    return { timer: next, expired };
  }
}
