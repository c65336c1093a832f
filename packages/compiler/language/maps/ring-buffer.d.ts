import type { i32, StructLayout, u64, Value } from "@weir/bytecode/layout";

/** `BPF_MAP_TYPE_RINGBUF` (Linux 5.8). */
export interface RingBuffer {
  /**
   * Room for a record in the buffer, or null when there is none. Whatever was in that memory before is in the record. On every
   * way on it must be submitted or discarded, once (WEIR1703, WEIR1704). Costs 15 ns, and submitting as much again.
   */
  reserve<L extends StructLayout>(layout: L): Value<L> | null;
  /** Gives a reserved record to user space, which is woken up unless the flags say otherwise. */
  submit(record: object, flags?: RingFlags): void;
  /** Gives a reserved record up: user space never sees it. */
  discard(record: object, flags?: RingFlags): void;
  /** Copies a record into the buffer; 0, or a negative error number, such as -11 (`EAGAIN`) when it is full. */
  output(record: object, flags?: RingFlags): i32;
  /** Bytes that user space has not read yet, with 8 for the head of each record (`bpf_ringbuf_query`). */
  waiting(): u64;
}

export type RingFlags = u64 & { readonly __ringFlags?: never };
/** Does not wake user space up. */
export declare const BPF_RB_NO_WAKEUP: RingFlags;
/** Wakes user space up even if it has not read everything that came before. */
export declare const BPF_RB_FORCE_WAKEUP: RingFlags;

interface RingOptions {
  /** Bytes: a power of two, and a multiple of the page size. */
  readonly size: number;
}

/**
 * Records for user space, of all CPUs, in the order in which they were reserved (`BPF_MAP_TYPE_RINGBUF`, Linux 5.8).
 *
 * @example
 * ```ts
 * import { be32, bytes, struct, u32 } from "@weir/bytecode/layout";
 * import { ringBuffer, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Ipv4Frame = struct({ beforeSource: bytes(26), source: be32 });
 * const Seen = struct({ source: be32, length: u32 });
 * export const EVENTS = ringBuffer({ size: 262_144 });
 *
 * export const tell_sources = xdp((packet) => {
 *   const frame = packet.at(Ipv4Frame, 0);
 *   if (frame === null) return XDP_PASS;
 *   const seen = EVENTS.reserve(Seen);
 *   if (seen === null) return XDP_PASS;
 *   seen.source = frame.source;
 *   seen.length = packet.length;
 *   EVENTS.submit(seen);
 *   return XDP_PASS;
 * });
 * ```
 */
export declare function ringBuffer(options: RingOptions): RingBuffer;
