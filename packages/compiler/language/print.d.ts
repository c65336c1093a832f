import type { i32 } from "@weir/bytecode/layout";

/**
 * Writes a line into the kernel's trace, which `weir run` and `/sys/kernel/tracing/trace_pipe` show: for looking into a program, not
 * for what it is to tell all day (`bpf_trace_printk`, Linux 4.1; with more than 3 values `bpf_trace_vprintk`, 5.16). `%d` and `%u` print a
 * number as its type has it, `%x` in hexadecimal, `%s` bytes up to their first 0, `%pI4` and `%pI6` addresses (5.13). At most 12
 * values. Costs a microsecond and more. The number of bytes, or a negative error number.
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
