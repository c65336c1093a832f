import type { Elements, i32, u32, u64 } from "@weir/bytecode/layout";

declare const structureName: unique symbol;
declare const bitField: unique symbol;

/**
 * A structure of the kernel, by its name there. An interface that extends it says which members a program knows; where they are,
 * the loader finds out in the running kernel's types (CO-RE, needs `CONFIG_DEBUG_INFO_BTF`, Linux 5.2). `weir types` writes such
 * interfaces. A member of a structure inside, or behind a pointer, is reached with a dot; behind a pointer that is null everything
 * is 0.
 *
 * @example
 * ```ts
 * import { type i32, struct, u32 } from "@weir/bytecode/layout";
 * import { type KernelStruct, type Pointer, ringBuffer, tpBtf } from "@weir/compiler/language";
 *
 * interface task_struct extends KernelStruct<"task_struct"> {
 *   readonly pid: i32;
 *   readonly real_parent: Pointer<task_struct>;
 * }
 * const Fork = struct({ parent: u32, child: u32 });
 * export const FORKS = ringBuffer({ size: 65_536 });
 *
 * export const tell_forks = tpBtf("sched_process_fork", (_parent: task_struct, child: task_struct) => {
 *   const fork = FORKS.reserve(Fork);
 *   if (fork === null) return;
 *   fork.parent = child.real_parent.pid as u32;
 *   fork.child = child.pid as u32;
 *   FORKS.submit(fork);
 * });
 * ```
 */
export interface KernelStruct<Name extends string> {
  readonly [structureName]?: Name;
}

/** As `KernelStruct`, for a union. */
export interface KernelUnion<Name extends string> {
  readonly [structureName]?: Name;
}

/** A pointer in a structure of the kernel: to a structure whose members are read through it, else a number. It may be null. */
export type Pointer<To> = To;

/** A member of a structure of the kernel that takes some bits only of its type. */
export type Bits<Integer> = Integer & { readonly [bitField]?: true };

/** An array in a structure of the kernel. Its elements are read one by one, with indices that are known while compiling. */
export interface KernelArray<Element, Length extends number> {
  readonly [index: number]: Element;
  readonly length: Length;
}

/**
 * Copies an array or a structure inside a structure of the kernel into bytes or a record, as many bytes as those have; 0, or a
 * negative error number (`bpf_probe_read_kernel`, Linux 5.5).
 *
 * @example
 * ```ts
 * import { bytes, struct, type u8 } from "@weir/bytecode/layout";
 * import { type KernelArray, type KernelStruct, kernelCopy, ringBuffer, tpBtf } from "@weir/compiler/language";
 *
 * interface task_struct extends KernelStruct<"task_struct"> {
 *   readonly comm: KernelArray<u8, 16>;
 * }
 * const Exit = struct({ name: bytes(16) });
 * export const EXITS = ringBuffer({ size: 65_536 });
 *
 * export const tell_exits = tpBtf("sched_process_exit", (task: task_struct) => {
 *   const exit = EXITS.reserve(Exit);
 *   if (exit === null) return;
 *   kernelCopy(exit.name, task.comm);
 *   EXITS.submit(exit);
 * });
 * ```
 */
export declare function kernelCopy(target: object, source: object): i32;

/** As `kernelCopy`, up to the 0 at the end of a text; the number of bytes, with that 0 (`bpf_probe_read_kernel_str`, Linux 5.5). */
export declare function kernelText(target: Elements<number>, source: object): i32;

/**
 * Whether the running kernel's structure has this member; where it is false the verifier deletes what depends on it, so the member may
 * be read there.
 *
 * @example
 * ```ts
 * import { type i64, struct, type u32, u64 } from "@weir/bytecode/layout";
 * import { fieldExists, type KernelStruct, perCpuArrayMap, tpBtf } from "@weir/compiler/language";
 *
 * interface task_struct extends KernelStruct<"task_struct"> {
 *   readonly state: i64;
 *   readonly __state: u32;
 * }
 * export const RUNNING = perCpuArrayMap({ value: struct({ switches: u64 }), maxEntries: 1 });
 *
 * export const count_preempted = tpBtf("sched_switch", (_preempt: boolean, previous: task_struct) => {
 *   const running = RUNNING.lookup(0);
 *   // Renamed with Linux 5.14.
 *   const state = fieldExists(previous.__state) ? previous.__state : (previous.state as u32);
 *   if (running !== null && state === 0) running.switches += 1;
 * });
 * ```
 */
export declare function fieldExists(member: unknown): boolean;

/** Bytes of a member in the running kernel's structure. */
export declare function fieldSize(member: unknown): u32;

/**
 * Whether the running kernel has this structure; where it is false the verifier deletes what depends on it, so its members may be read
 * there.
 *
 * @example
 * ```ts
 * import { struct, type u32, u64 } from "@weir/bytecode/layout";
 * import { enumExists, enumValue, type KernelStruct, perCpuArrayMap, tpBtf, typeExists, typeSize } from "@weir/compiler/language";
 *
 * interface sk_buff extends KernelStruct<"sk_buff"> {
 *   readonly len: u32;
 * }
 * interface numa_drop_counters extends KernelStruct<"numa_drop_counters"> {}
 * const Seen = struct({ full: u64, closed: u64, size: u64 });
 * export const SEEN = perCpuArrayMap({ value: Seen, maxEntries: 1 });
 *
 * export const count_dropped = tpBtf("kfree_skb", (_buffer: sk_buff, _location: u64, reason: u32) => {
 *   const seen = SEEN.lookup(0);
 *   if (seen === null) return;
 *   if (enumExists("skb_drop_reason", "SKB_DROP_REASON_PROTO_MEM")) seen.full += 1;
 *   // Numbers that are not promised to user space may change from one kernel to the next.
 *   if ((reason as u64) === enumValue("skb_drop_reason", "SKB_DROP_REASON_NO_SOCKET")) seen.closed += 1;
 *   seen.size = typeExists<numa_drop_counters>() ? typeSize<numa_drop_counters>() : 0;
 * });
 * ```
 */
export declare function typeExists<T extends KernelStruct<string> | KernelUnion<string>>(): boolean;

/** Bytes of a structure in the running kernel; 0 where there is none of its name. */
export declare function typeSize<T extends KernelStruct<string> | KernelUnion<string>>(): u32;

/** Whether an enumeration of the running kernel has this name for a number. Both are known when the program is compiled. */
export declare function enumExists(enumeration: string, enumerator: string): boolean;

/**
 * The number that an enumeration of the running kernel has this name for, as 64 bits; where it may lack it ask {@link enumExists} first.
 * Enumerations without a name cannot be asked for.
 */
export declare function enumValue(enumeration: string, enumerator: string): u64;
