import type { Elements, i32, StructLayout, u8, u32, Value } from "@weir/bytecode/layout";

/** The packet a program runs for (`struct xdp_md`). */
export interface XdpPacket {
  /** Bytes that the program can reach directly: the whole frame, or its first buffer when it has several. */
  readonly length: u32;
  /** Bytes of the whole frame, all buffers included (`bpf_xdp_get_buff_len`, Linux 5.18). A call: read it once. */
  readonly totalLength: u32;
  /** Index of the interface the packet came in on. */
  readonly ingressInterface: u32;
  /** Receive queue of the packet. */
  readonly receiveQueue: u32;
  /** Index of the interface the packet is about to go out on; in `xdpDevmap` programs alone (Linux 5.8). */
  readonly egressInterface: u32;
  /**
   * The record at `offset` bytes into the packet, or null when it is not completely inside. A write through it changes the
   * packet. The offset must be bounded, to 65535 less the record's size.
   *
   * @example
   * ```ts
   * import { be16, bytes, struct } from "@weir/bytecode/layout";
   * import { ntohs, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
   *
   * const EthernetHeader = struct({ destination: bytes(6), source: bytes(6), etherType: be16 });
   *
   * export const drop_arp = xdp((packet) => {
   *   const ethernet = packet.at(EthernetHeader, 0);
   *   if (ethernet === null) return XDP_PASS;
   *   return ntohs(ethernet.etherType) === 0x0806 ? XDP_DROP : XDP_PASS;
   * });
   * ```
   */
  at<L extends StructLayout>(layout: L, offset: u32): Value<L> | null;
  /**
   * Copies `length` bytes of the packet, from `offset` on and from all its buffers, into `target`, from its byte `at` on; 0, or
   * a negative error number: -22 (`EINVAL`) where the packet ends before, -14 (`EFAULT`) beyond 65535
   * (`bpf_xdp_load_bytes`, Linux 5.18). The verifier must see that `length` is at least 1, and that it fits behind `at`.
   *
   * @example
   * ```ts
   * import { bytes, struct, u32 } from "@weir/bytecode/layout";
   * import { arrayMap, XDP_PASS, xdp } from "@weir/compiler/language";
   *
   * export const LATEST = arrayMap({ value: struct({ length: u32, bytes: bytes(64) }), maxEntries: 1 });
   *
   * export const keep_latest = xdp((packet) => {
   *   const latest = LATEST.lookup(0);
   *   if (latest === null || packet.length < 64) return XDP_PASS;
   *   if (packet.copyTo(latest.bytes, 0, 0, 64) === 0) latest.length = packet.length;
   *   return XDP_PASS;
   * });
   * ```
   */
  copyTo(target: Elements<u8>, at: u32, offset: u32, length: u32): i32;
  /**
   * Moves the start of the packet by so many bytes: negative for room in front, positive to cut off; 0, or a negative error
   * number (`bpf_xdp_adjust_head`, Linux 4.10). What is in the new room is not defined. Every record that was found before is
   * dead, whatever the result: using one is a mistake (WEIR1504). A call.
   *
   * @example
   * ```ts
   * import { bytes, struct } from "@weir/bytecode/layout";
   * import { XDP_DROP, XDP_TX, xdp } from "@weir/compiler/language";
   *
   * const Outer = struct({ header: bytes(14) });
   *
   * export const strip_14_bytes = xdp((packet) => {
   *   if (packet.adjustHead(14) !== 0) return XDP_DROP;
   *   return packet.at(Outer, 0) === null ? XDP_DROP : XDP_TX;
   * });
   * ```
   */
  adjustHead(by: i32): i32;
  /**
   * Moves the end of the packet by so many bytes: negative to cut off, positive for room behind, which holds zeros; 0, or a
   * negative error number (`bpf_xdp_adjust_tail`, Linux 4.18; room behind since 5.8). Records that were found before are dead, as
   * with `adjustHead`. A call.
   *
   * @example
   * ```ts
   * import type { i32 } from "@weir/bytecode/layout";
   * import { XDP_PASS, xdp } from "@weir/compiler/language";
   *
   * export const cut_to_64_bytes = xdp((packet) => {
   *   if (packet.length > 64) packet.adjustTail((64 - packet.length) as i32);
   *   return XDP_PASS;
   * });
   * ```
   */
  adjustTail(by: i32): i32;
  /**
   * Moves the start of the metadata, bytes before the packet that go with it to `tcx` programs: negative for room, in steps of 4, at
   * most 252 in all; 0, or a negative error number (`bpf_xdp_adjust_meta`, Linux 4.15). Records that were found before are dead, as
   * with `adjustHead`. A call.
   *
   * @example
   * ```ts
   * import { struct, u32 } from "@weir/bytecode/layout";
   * import { XDP_ABORTED, XDP_PASS, xdp } from "@weir/compiler/language";
   *
   * const Mark = struct({ queue: u32 });
   *
   * export const remember_queue = xdp((packet) => {
   *   if (packet.adjustMeta(-4) !== 0) return XDP_PASS;
   *   const mark = packet.metaAt(Mark, 0);
   *   if (mark === null) return XDP_ABORTED;
   *   mark.queue = packet.receiveQueue;
   *   return XDP_PASS;
   * });
   * ```
   */
  adjustMeta(by: i32): i32;
  /** The record at `offset` bytes into the metadata, or null when it is not completely inside. */
  metaAt<L extends StructLayout>(layout: L, offset: u32): Value<L> | null;
  /**
   * Asks the kernel where a packet is to go (`bpf_fib_lookup`, Linux 4.18). The record is a `struct bpf_fib_lookup`, 64 bytes, in
   * a map or made by the program; the answer is written over the question. 0: there is a next hop; positive:
   * `BPF_FIB_LKUP_RET_…`, why not; negative: an error number. Costs some 50 ns: for what is asked seldom.
   *
   * @example
   * ```ts
   * import { be32, bytes, struct, u32, u8 } from "@weir/bytecode/layout";
   * import { arrayMap, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
   *
   * const Question = struct({ family: u8, rest: bytes(7), device: u32, more: bytes(20), to: be32, answer: bytes(28) });
   * export const QUESTION = arrayMap({ value: Question, maxEntries: 1 });
   *
   * export const drop_unroutable = xdp((packet) => {
   *   const question = QUESTION.lookup(0);
   *   if (question === null) return XDP_PASS;
   *   return packet.fibLookup(question, 0) === 0 ? XDP_PASS : XDP_DROP;
   * });
   * ```
   */
  fibLookup(request: object, flags: u32): i32;
}
