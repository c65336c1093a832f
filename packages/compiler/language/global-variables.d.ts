import type { Layout, Value } from "@weir/bytecode/layout";

/**
 * A record or an array that all programs of the file share, on all CPUs, as long as they are loaded. Its fields are assigned to as
 * those of a record in a map; no look-up, no null. An integer or a boolean needs no word: `let packets: u64 = 0;` at the top of the
 * file. User space finds them in the maps `.data` (those with an initial value) and `.bss`, under their names (Linux 5.2).
 *
 * @param initial what it holds when the program is loaded: constants; zeros where nothing is given
 * @example
 * ```ts
 * import { array, struct, u64 } from "@weir/bytecode/layout";
 * import { atomicAdd, global, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Totals = struct({ packets: u64, bytes: u64 });
 * const totals = global(Totals);
 * const limits = global(array(u64, 2), [1_000, 2_000]);
 * let dropping: boolean = false;
 *
 * export const count = xdp((packet) => {
 *   atomicAdd(totals, "packets", 1);
 *   atomicAdd(totals, "bytes", packet.length);
 *   if (totals.packets > limits[1]) dropping = true;
 *   return dropping ? XDP_DROP : XDP_PASS;
 * });
 * ```
 */
export declare function global<L extends Layout>(layout: L, initial?: Value<L>): Value<L>;

/** What nobody assigns to. */
export type ReadOnly<T> = { readonly [Key in keyof T]: T[Key] };

/**
 * A record or an array that user space fills before the programs are loaded (`withVariables`), and nobody writes to afterwards (`.rodata`,
 * Linux 5.2). The verifier knows what is in it and deletes what that rules out; tools read
 * it in the map. A single number is cheaper as a `config()`.
 *
 * @param initial what it holds unless user space says otherwise: constants; zeros where nothing is given
 * @example
 * ```ts
 * import { struct, u32 } from "@weir/bytecode/layout";
 * import { readOnly, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Limits = struct({ shortest: u32, longest: u32 });
 * const limits = readOnly(Limits, { shortest: 60, longest: 1514 });
 *
 * export const drop_others = xdp(({ length }) =>
 *   length < limits.shortest || length > limits.longest ? XDP_DROP : XDP_PASS,
 * );
 * ```
 */
export declare function readOnly<L extends Layout>(layout: L, initial?: Value<L>): ReadOnly<Value<L>>;

/** What `table` gives. */
export interface Table<Element> {
  readonly [index: number]: Element;
  readonly length: number;
  [Symbol.iterator](): Iterator<Element>;
}

/**
 * A list of constants that is read with an index that only the program knows: it lies in memory that nobody can write to (`.rodata`,
 * Linux 5.2). `const NAME: readonly u32[] = […]` is the same. An index that is a constant costs nothing.
 *
 * @example
 * ```ts
 * import { struct, u32, type Value } from "@weir/bytecode/layout";
 * import { table, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const LIMITS = table(u32, [64, 128, 256, 512]);
 * const Rule = struct({ queue: u32, verdict: u32 });
 * const RULES: readonly Value<typeof Rule>[] = [
 *   { queue: 1, verdict: XDP_DROP },
 *   { queue: 4, verdict: XDP_PASS },
 * ];
 *
 * export const limit_by_queue = xdp((packet) => {
 *   for (const rule of RULES) {
 *     if (rule.queue === packet.receiveQueue) return rule.verdict;
 *   }
 *   return packet.length > LIMITS[packet.receiveQueue & 3] ? XDP_DROP : XDP_PASS;
 * });
 * ```
 */
export declare function table<L extends Layout>(layout: L, elements: readonly Value<L>[]): Table<Value<L>>;
