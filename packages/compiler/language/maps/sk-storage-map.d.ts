import type { i32, Layout } from "@weir/bytecode/layout";
import type { KernelStruct } from "../kernel.js";
import type { Stored } from "./stored.js";

/** The socket of a packet or of an operation, as `tcx` and `sockops` programs have it (`struct bpf_sock`). */
export interface Socket extends KernelStruct<"bpf_sock"> {}

/** What values can be kept with: a socket, or the kernel's own structure of one, as tracepoints and iterators have it. */
export type AnySocket =
  | Socket
  | KernelStruct<"sock">
  | KernelStruct<"sock_common">
  | KernelStruct<"tcp_sock">
  | KernelStruct<"udp_sock">;

/** `BPF_MAP_TYPE_SK_STORAGE` (Linux 5.2): a value for each socket, which goes with it. */
export interface SkStorageMap<S> {
  /** The socket's value, or null when it has none, or is none that can have one (a request for a connection). */
  lookup(socket: AnySocket): S | null;
  /** The socket's value, of zeros where it had none; null when it can have none, or there is no memory. */
  lookupOrCreate(socket: AnySocket): S | null;
  /** Takes the socket's value away; 0, or a negative error number. */
  delete(socket: AnySocket): i32;
}

/**
 * A value for each socket. The kernel keeps it with the socket, and frees it with that: there are no keys to forget, and no number of
 * entries (`BPF_MAP_TYPE_SK_STORAGE`, Linux 5.2; in tracepoints with types 5.11). Programs of types `tcxIngress`, `tcxEgress`, `sockops`,
 * `tpBtf` and `iter` may use it.
 *
 * @example
 * ```ts
 * import { struct, u32, u64 } from "@weir/bytecode/layout";
 * import { BPF_SOCK_OPS_RETRANS_CB, skStorageMap, sockops, tcxEgress, TCX_PASS } from "@weir/compiler/language";
 *
 * const Flow = struct({ packets: u64, retransmits: u32, mark: u32 });
 * export const FLOWS = skStorageMap({ value: Flow });
 *
 * export const count_retransmits = sockops((operation) => {
 *   const socket = operation.socket;
 *   if (operation.operation !== BPF_SOCK_OPS_RETRANS_CB || socket === null) return;
 *   const flow = FLOWS.lookupOrCreate(socket);
 *   if (flow !== null) flow.retransmits += 1;
 * });
 *
 * export const mark_lossy = tcxEgress((buffer) => {
 *   const socket = buffer.socket;
 *   if (socket === null) return TCX_PASS;
 *   const flow = FLOWS.lookup(socket);
 *   if (flow !== null && flow.retransmits > 10) buffer.mark = 1;
 *   return TCX_PASS;
 * });
 * ```
 */
export declare function skStorageMap<V extends Layout>(options: { readonly value: V }): SkStorageMap<Stored<V>>;
