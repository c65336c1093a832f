/**
 * Adds to a 32-bit or 64-bit field of a record in a map at once for all CPUs (`BPF_ATOMIC | BPF_ADD`). The value before is the
 * result; where it is used the addition needs Linux 5.12.
 *
 * @example
 * ```ts
 * import { struct, u64 } from "@weir/bytecode/layout";
 * import { arrayMap, atomicAdd, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const TOTAL = arrayMap({ value: struct({ packets: u64 }), maxEntries: 1 });
 *
 * export const drop_every_tenth = xdp(() => {
 *   const total = TOTAL.lookup(0);
 *   if (total === null) return XDP_PASS;
 *   return atomicAdd(total, "packets", 1) % 10 === 9 ? XDP_DROP : XDP_PASS;
 * });
 * ```
 */
export declare function atomicAdd<R extends object, K extends keyof R>(record: R, field: K, amount: R[K]): R[K];
