import type { i32 } from "@weir/bytecode/layout";

/**
 * Writes a line into the kernel's trace, which `weir run` and `/sys/kernel/tracing/trace_pipe` show: for looking into a program, not
 * for what it is to tell all day (`bpf_trace_printk`, Linux 4.1; with more than 3 values `bpf_trace_vprintk`, 5.16). `%d` and `%u` print a
 * number as its type has it, `%x` in hexadecimal, `%s` bytes up to their first 0, `%pI4` and `%pI6` addresses (5.13). At most 12
 * values. Costs a microsecond and more. The number of bytes, or a negative error number.
 *
 * In an `iter` program the line goes into the text that the iterator gives (`bpf_seq_printf`, Linux 5.8), but for functions declared
 * with `subprogram`, which do not know it; 0, or a negative error number.
 *
 * @example
 * ```ts
 * import { be32, bytes, struct } from "@weir/bytecode/layout";
 * import { print, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Ipv4Frame = struct({ beforeSource: bytes(26), source: be32 });
 *
 * export const watch = xdp((packet) => {
 *   const frame = packet.at(Ipv4Frame, 0);
 *   if (frame !== null) print("%d bytes from %pI4", packet.length, frame.source);
 *   return XDP_PASS;
 * });
 * ```
 */
export declare function print(format: string, ...values: readonly unknown[]): i32;

/**
 * Writes the bytes of a record into what an `iter` program gives, for user space to decode with the same layout (`bpf_seq_write`, Linux
 * 5.8). 0, or a negative error number; when there was no room, the kernel makes some, and runs the program for the same thing again.
 *
 * @example
 * ```ts
 * import { type i32, struct, u32, type Value } from "@weir/bytecode/layout";
 * import { iter, type KernelStruct, type Pointer, writeRecord } from "@weir/compiler/language";
 *
 * interface task_struct extends KernelStruct<"task_struct"> {
 *   readonly pid: i32;
 *   readonly tgid: i32;
 * }
 * interface bpf_iter__task extends KernelStruct<"bpf_iter__task"> {
 *   readonly task: Pointer<task_struct>;
 * }
 * const Thread = struct({ process: u32, thread: u32 });
 *
 * export const list_threads = iter("task", (context: bpf_iter__task) => {
 *   const task: task_struct | null = context.task;
 *   if (task === null) return;
 *   const thread: Value<typeof Thread> = { process: task.tgid as u32, thread: task.pid as u32 };
 *   writeRecord(thread);
 * });
 * ```
 */
export declare function writeRecord(record: object): i32;
