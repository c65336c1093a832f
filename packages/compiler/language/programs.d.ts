import type { SkBuff } from "./sk-buff.js";
import type { SocketOperation } from "./socket-operation.js";
import type { TcxAction, XdpAction } from "./verdict.js";
import type { XdpPacket } from "./xdp-packet.js";

export interface KernelProgram {
  readonly __program: string;
}
interface XdpOptions {
  /** Packets may come in several buffers, as jumbo frames do (Linux 5.18). */
  readonly frags?: boolean;
}

/**
 * An XDP program (`BPF_PROG_TYPE_XDP`, Linux 4.8). The name of the constant it is assigned to is the name of the program.
 *
 * @example
 * ```ts
 * import { XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const pass_all = xdp(() => XDP_PASS, { frags: true });
 * ```
 */
export declare function xdp(body: (packet: XdpPacket) => XdpAction, options?: XdpOptions): KernelProgram;

/**
 * An XDP program for an entry of a device map: it runs when a packet was redirected there, before it goes out (Linux 5.8).
 *
 * @example
 * ```ts
 * import { XDP_DROP, XDP_PASS, xdpDevmap } from "@weir/compiler/language";
 *
 * export const not_back = xdpDevmap((packet) =>
 *   packet.egressInterface === packet.ingressInterface ? XDP_DROP : XDP_PASS,
 * );
 * ```
 */
export declare function xdpDevmap(body: (packet: XdpPacket) => XdpAction, options?: XdpOptions): KernelProgram;

/**
 * An XDP program for an entry of a CPU map: it runs on the CPU that a packet was handed to (Linux 5.9).
 *
 * @example
 * ```ts
 * import { XDP_DROP, XDP_PASS, xdpCpumap } from "@weir/compiler/language";
 *
 * export const drop_short = xdpCpumap((packet) => (packet.length < 60 ? XDP_DROP : XDP_PASS));
 * ```
 */
export declare function xdpCpumap(body: (packet: XdpPacket) => XdpAction, options?: XdpOptions): KernelProgram;

/**
 * A program for what comes in at an interface, when the kernel has made a socket buffer of it (`BPF_PROG_TYPE_SCHED_CLS` at
 * `tcx/ingress`, Linux 6.6; its predecessor, `tc`, runs it too).
 *
 * @example
 * ```ts
 * import { be16, bytes, struct } from "@weir/bytecode/layout";
 * import { htons, TCX_DROP, TCX_NEXT, tcxIngress } from "@weir/compiler/language";
 *
 * const Ethernet = struct({ addresses: bytes(12), etherType: be16 });
 *
 * export const drop_arp = tcxIngress((buffer) => {
 *   const ethernet = buffer.at(Ethernet, 0);
 *   return ethernet !== null && ethernet.etherType === htons(0x0806) ? TCX_DROP : TCX_NEXT;
 * });
 * ```
 */
export declare function tcxIngress(body: (buffer: SkBuff) => TcxAction): KernelProgram;

/** As `tcxIngress`, for what goes out (`tcx/egress`, Linux 6.6). */
export declare function tcxEgress(body: (buffer: SkBuff) => TcxAction): KernelProgram;

/**
 * A program that runs whenever the kernel passes a tracepoint, and is given the tracepoint's arguments with their types: structures of
 * the kernel can be read through them (`tp_btf`, Linux 5.5). `weir types` writes the structures of a kernel down.
 *
 * @param tracepoint its name, such as `"sched_switch"`
 * @example
 * ```ts
 * import { i32, u64 } from "@weir/bytecode/layout";
 * import { hashMap, type KernelStruct, tpBtf } from "@weir/compiler/language";
 *
 * interface task_struct extends KernelStruct<"task_struct"> {
 *   readonly pid: i32;
 * }
 * export const SWITCHES = hashMap({ key: i32, value: u64, maxEntries: 10_000 });
 *
 * export const count_switches = tpBtf("sched_switch", (_preempt: boolean, _previous: task_struct, next: task_struct) => {
 *   const count = SWITCHES.lookup(next.pid);
 *   if (count === null) SWITCHES.update(next.pid, 1);
 *   else count.value += 1;
 * });
 * ```
 */
export declare function tpBtf(tracepoint: string, body: (...values: never[]) => void): KernelProgram;

/**
 * As `tpBtf`, for kernels that do not know the types: arguments are numbers, and structures of the kernel, whose members are then
 * each read by a call (`raw_tp`, Linux 4.17; `bpf_probe_read_kernel`, 5.5).
 *
 * @example
 * ```ts
 * import { struct, type u32, u64 } from "@weir/bytecode/layout";
 * import { perCpuArrayMap, rawTp } from "@weir/compiler/language";
 *
 * export const CALLS = perCpuArrayMap({ value: struct({ calls: u64 }), maxEntries: 512 });
 *
 * export const count_calls = rawTp("sys_enter", (_registers: u64, number: u64) => {
 *   const calls = CALLS.lookup(number as u32);
 *   if (calls !== null) calls.calls += 1;
 * });
 * ```
 */
export declare function rawTp(tracepoint: string, body: (...values: never[]) => void): KernelProgram;

/**
 * A program that runs whenever the kernel passes a tracepoint, and is given its record, which `/sys/kernel/tracing/events/…/format`
 * describes (`BPF_PROG_TYPE_TRACEPOINT`, Linux 4.7).
 *
 * @param tracepoint its category and name, such as `"sched/sched_switch"`
 * @example
 * ```ts
 * import { bytes, i32, i64, struct, u64, type Value } from "@weir/bytecode/layout";
 * import { hashMap, tp } from "@weir/compiler/language";
 *
 * const Switch = struct({ common: u64, previousName: bytes(16), previous: i32, priority: i32, state: i64, name: bytes(16), next: i32 });
 * export const SWITCHES = hashMap({ key: i32, value: u64, maxEntries: 10_000 });
 *
 * export const count_switches = tp("sched/sched_switch", (record: Value<typeof Switch>) => {
 *   const count = SWITCHES.lookup(record.next);
 *   if (count === null) SWITCHES.update(record.next, 1);
 *   else count.value += 1;
 * });
 * ```
 */
export declare function tp<R>(tracepoint: string, body: (record: R) => void): KernelProgram;

/**
 * A program that runs at what happens to the TCP sockets of a cgroup: connections, timeouts, changes of state
 * (`BPF_PROG_TYPE_SOCK_OPS`, Linux 4.13).
 *
 * @example
 * ```ts
 * import { struct, u64 } from "@weir/bytecode/layout";
 * import { arrayMap, atomicAdd, BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB, sockops } from "@weir/compiler/language";
 *
 * export const OPENED = arrayMap({ value: struct({ connections: u64 }), maxEntries: 1 });
 *
 * export const count_opened = sockops((socket) => {
 *   if (socket.operation !== BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB) return;
 *   const opened = OPENED.lookup(0);
 *   if (opened !== null) atomicAdd(opened, "connections", 1);
 * });
 * ```
 */
export declare function sockops(body: (socket: SocketOperation) => void): KernelProgram;

/**
 * A program that runs once for each of a kind of things of the kernel, and writes what user space reads (`iter`, Linux 5.8). It is
 * given the `struct bpf_iter__…` of its kind; the thing in it is null at the end.
 *
 * @param things `"task"`, `"tcp"`, `"bpf_map"` …: each `bpf_iter_…` function of the kernel
 * @example
 * ```ts
 * import { i32, u64 } from "@weir/bytecode/layout";
 * import { hashMap, iter, type KernelStruct, type Pointer } from "@weir/compiler/language";
 *
 * interface task_struct extends KernelStruct<"task_struct"> {
 *   readonly tgid: i32;
 * }
 * interface bpf_iter__task extends KernelStruct<"bpf_iter__task"> {
 *   readonly task: Pointer<task_struct>;
 * }
 * export const THREADS = hashMap({ key: i32, value: u64, maxEntries: 10_000 });
 *
 * export const count_threads = iter("task", (context: bpf_iter__task) => {
 *   const task: task_struct | null = context.task;
 *   if (task === null) return;
 *   const count = THREADS.lookup(task.tgid);
 *   if (count === null) THREADS.update(task.tgid, 1);
 *   else count.value += 1;
 * });
 * ```
 */
export declare function iter<C>(things: string, body: (context: C) => void): KernelProgram;
