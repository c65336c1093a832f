import type { i32 } from "@weir/bytecode/layout";

/** `BPF_MAP_TYPE_PERF_EVENT_ARRAY` (Linux 4.3). */
export interface PerfEventArray {
  /**
   * Copies a record into the buffer of this CPU (`bpf_perf_event_output`, Linux 4.4; in XDP programs 4.18); 0, or a negative error
   * number: -2 (`ENOENT`) where user space has opened none.
   */
  output(record: object): i32;
}

interface PerfEventOptions {
  /** One for each CPU. */
  readonly maxEntries: number;
}

/**
 * Records for user space, in a buffer for each CPU, which user space opens (`BPF_MAP_TYPE_PERF_EVENT_ARRAY`, Linux 4.3). A
 * `ringBuffer` keeps their order and needs no copy.
 *
 * @example
 * ```ts
 * import { struct, u32, type Value } from "@weir/bytecode/layout";
 * import { perfEventArray, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Seen = struct({ length: u32, queue: u32 });
 * export const EVENTS = perfEventArray({ maxEntries: 64 });
 *
 * export const tell_lengths = xdp((packet) => {
 *   const seen: Value<typeof Seen> = { length: packet.length, queue: packet.receiveQueue };
 *   EVENTS.output(seen);
 *   return XDP_PASS;
 * });
 * ```
 */
export declare function perfEventArray(options: PerfEventOptions): PerfEventArray;
