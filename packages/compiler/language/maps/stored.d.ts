import type { Layout, StructLayout, Value } from "@weir/bytecode/layout";

/**
 * What a look-up gives: a record itself, and anything else as the only field, `value`, of a record, so that it can be written.
 *
 * @example
 * ```ts
 * import { be32, bytes, struct, u64 } from "@weir/bytecode/layout";
 * import { atomicAdd, hashMap, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Ipv4Frame = struct({ beforeSource: bytes(26), source: be32 });
 * export const PACKETS = hashMap({ key: be32, value: u64, maxEntries: 1024 });
 *
 * export const count_sources = xdp((packet) => {
 *   const frame = packet.at(Ipv4Frame, 0);
 *   if (frame === null) return XDP_PASS;
 *   const packets = PACKETS.lookup(frame.source);
 *   if (packets === null) PACKETS.update(frame.source, 1);
 *   else atomicAdd(packets, "value", 1);
 *   return XDP_PASS;
 * });
 * ```
 */
export type Stored<L extends Layout> = L extends StructLayout ? Value<L> : { value: Value<L> };
