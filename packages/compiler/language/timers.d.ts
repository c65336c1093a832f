import type { i32, timer, u64, Value } from "@weir/bytecode/layout";

/** A timer in the value of a map. */
export type Timer = Value<typeof timer>;

/** A clock that a timer goes by. */
export type TimerClock = u64 & { readonly __timerClock?: never };
/** The time of day, which may be set. */
export declare const CLOCK_REALTIME: TimerClock;
/** Goes on evenly; stands still while the machine sleeps. */
export declare const CLOCK_MONOTONIC: TimerClock;
/** Goes on evenly, also while the machine sleeps. */
export declare const CLOCK_BOOTTIME: TimerClock;

export type TimerFlags = u64 & { readonly __timerFlags?: never };
/** The time is one of the timer's clock, not from now on (Linux 6.4). */
export declare const BPF_F_TIMER_ABS: TimerFlags;
/** It fires on the CPU that starts it (Linux 6.7). */
export declare const BPF_F_TIMER_CPU_PIN: TimerFlags;

/**
 * Arms a timer: after so many nanoseconds the kernel calls the function that `onTimer` gave it, once. One that is armed begins anew. 0, or a
 * negative error number: -22 (`EINVAL`) when it has no function (`bpf_timer_start`, Linux 5.15).
 *
 * A timer is a field of a map's value. `initTimer` of the map comes first, once for each entry, then `onTimer`. The function runs when
 * the program has long ended, so it shares no variables with it (WEIR1413); it may start its timer again, and delete its entry. An entry that is
 * deleted, or pushed out of an LRU map, takes its timer with it. Timers stop, and
 * `initTimer` gives -1 (`EPERM`), where user space holds neither a descriptor nor a pin of the map. Programs at plain and raw tracepoints cannot use such maps.
 *
 * @example
 * ```ts
 * import { be32, bytes, struct, timer, u64 } from "@weir/bytecode/layout";
 * import { hashMap, startTimer, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Ipv4Frame = struct({ beforeSource: bytes(26), source: be32 });
 * const Session = struct({ idle: timer, packets: u64 });
 * export const SESSIONS = hashMap({ key: be32, value: Session, maxEntries: 1024 });
 *
 * export const track = xdp((packet) => {
 *   const frame = packet.at(Ipv4Frame, 0);
 *   if (frame === null) return XDP_PASS;
 *   let session = SESSIONS.lookup(frame.source);
 *   if (session === null) {
 *     SESSIONS.update(frame.source, { packets: 0 });
 *     session = SESSIONS.lookup(frame.source);
 *     if (session === null) return XDP_PASS;
 *     SESSIONS.initTimer(session.idle);
 *     SESSIONS.onTimer(session.idle, (source) => {
 *       SESSIONS.delete(source);
 *     });
 *   }
 *   session.packets += 1;
 *   startTimer(session.idle, 30_000_000_000);
 *   return XDP_PASS;
 * });
 * ```
 */
export declare function startTimer(timer: Timer, nanoseconds: u64, flags?: TimerFlags): i32;

/**
 * Disarms a timer, and takes its function from it: 1 when it was armed, 0 when not, or a negative error number: -35 (`EDEADLK`) in its own
 * function (`bpf_timer_cancel`, Linux 5.15).
 */
export declare function cancelTimer(timer: Timer): i32;
