/**
 * A function that is called as such (`bpf_call`, Linux 4.16) instead of becoming part of each caller. Worth its 8 ns where
 * the verifier would otherwise follow a costly loop anew for each way that leads to it. At most 5 parameters.
 *
 * @example
 * ```ts
 * import { be16, struct, type u16, type u32 } from "@weir/bytecode/layout";
 * import { ntohs, subprogram, XDP_DROP, XDP_PASS, type XdpPacket, xdp } from "@weir/compiler/language";
 *
 * const Tag = struct({ control: be16, etherType: be16 });
 *
 * const typeBehindTags = subprogram((packet: XdpPacket, type: u16): u16 => {
 *   let offset: u32 = 14;
 *   while (type === 0x8100 && offset < 46) {
 *     const tag = packet.at(Tag, offset);
 *     if (tag === null) return 0;
 *     type = ntohs(tag.etherType);
 *     offset += 4;
 *   }
 *   return type;
 * });
 *
 * export const drop_tagged_arp = xdp((packet) => (typeBehindTags(packet, 0x8100) === 0x0806 ? XDP_DROP : XDP_PASS));
 * ```
 */
export declare function subprogram<F>(body: F): F;

/**
 * A function that the verifier looks at once, for itself, whatever calls it and however often (a global function, Linux 5.6). It knows
 * nothing of its arguments but their types: a number may be any number. Where a `subprogram` makes the verifier follow too many ways,
 * this does not. Integers, booleans, the packet, and records (Linux 5.12) are its parameters, at most 5; its result is an integer
 * or a boolean. A function that all programs of an object share.
 *
 * @example
 * ```ts
 * import { struct, type u32, u64, type Value } from "@weir/bytecode/layout";
 * import { arrayMap, globalFunction, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Bucket = struct({ tokens: u64, filledAt: u64 });
 * export const BUCKETS = arrayMap({ value: Bucket, maxEntries: 64 });
 *
 * const take = globalFunction((bucket: Value<typeof Bucket>, amount: u32): boolean => {
 *   if (bucket.tokens < amount) return false;
 *   bucket.tokens -= amount;
 *   return true;
 * });
 *
 * export const police = xdp((packet) => {
 *   const bucket = BUCKETS.lookup(packet.receiveQueue);
 *   return bucket !== null && take(bucket, packet.length) ? XDP_PASS : XDP_DROP;
 * });
 * ```
 */
export declare function globalFunction<F>(body: F): F;
