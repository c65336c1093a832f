import type { u32, u64 } from "@weir/bytecode/layout";

/**
 * Nanoseconds of CLOCK_MONOTONIC (`bpf_ktime_get_ns`, Linux 4.1). Costs ten times what parsing a packet costs; see `jiffies`.
 *
 * @example
 * ```ts
 * import { struct, u64 } from "@weir/bytecode/layout";
 * import { monotonicTime, perCpuArrayMap, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const LATEST = perCpuArrayMap({ value: struct({ time: u64 }), maxEntries: 1 });
 *
 * export const note_time = xdp(() => {
 *   const latest = LATEST.lookup(0);
 *   if (latest !== null) latest.time = monotonicTime();
 *   return XDP_PASS;
 * });
 * ```
 */
export declare function monotonicTime(): u64;

/**
 * Ticks of the kernel's clock, 100 to 1000 a second (`bpf_jiffies64`, Linux 5.6). Nearly free; used as `monotonicTime` is.
 */
export declare function jiffies(): u64;

/**
 * Number of the CPU that runs the program, from 0 (`bpf_get_smp_processor_id`, Linux 4.1). Nearly free.
 *
 * @example
 * ```ts
 * import { cpuNumber, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const drop_on_cpu_0 = xdp(() => (cpuNumber() === 0 ? XDP_DROP : XDP_PASS));
 * ```
 */
export declare function cpuNumber(): u32;

/**
 * A random number of 32 bits (`bpf_get_prandom_u32`, Linux 4.1).
 *
 * @example
 * ```ts
 * import { randomNumber, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const lose_one_percent = xdp(() => (randomNumber() % 100 === 0 ? XDP_DROP : XDP_PASS));
 * ```
 */
export declare function randomNumber(): u32;
