import type { spinLock, Value } from "@weir/bytecode/layout";

/**
 * Waits until no other CPU holds the lock, and takes it: what is written to the record until `unlock` is written as one. The lock is
 * a field of the map's value, which user space reads whole with `BPF_F_LOCK`. Meanwhile nothing may be called (WEIR1717), and every way
 * on must unlock (WEIR1718). In hash maps and arrays, not in per-CPU or LRU maps (WEIR1318; `bpf_spin_lock`, Linux 5.1). Tracing
 * programs cannot.
 *
 * @example
 * ```ts
 * import { spinLock, struct, u64 } from "@weir/bytecode/layout";
 * import { arrayMap, lock, monotonicTime, unlock, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Bucket = struct({ lock: spinLock, tokens: u64, filledAt: u64 });
 * export const BUCKETS = arrayMap({ value: Bucket, maxEntries: 1 });
 *
 * export const limit_rate = xdp(() => {
 *   const bucket = BUCKETS.lookup(0);
 *   if (bucket === null) return XDP_PASS;
 *   const now = monotonicTime();
 *   lock(bucket.lock);
 *   if (now - bucket.filledAt > 1_000_000) {
 *     bucket.tokens = 1000;
 *     bucket.filledAt = now;
 *   }
 *   const left = bucket.tokens;
 *   if (left > 0) bucket.tokens = left - 1;
 *   unlock(bucket.lock);
 *   return left === 0 ? XDP_DROP : XDP_PASS;
 * });
 * ```
 */
export declare function lock(lock: Value<typeof spinLock>): void;

/** Gives the lock back. */
export declare function unlock(lock: Value<typeof spinLock>): void;
