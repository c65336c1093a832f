import type { StructLayout, u32, Value } from "@weir/bytecode/layout";

/**
 * The same memory read as another record, which must not be larger. In an array the record may begin at any byte, `at`, that
 * the verifier can see to leave room for it.
 *
 * @example
 * ```ts
 * import { be32, bytes, struct, u64 } from "@weir/bytecode/layout";
 * import { view, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Addresses = struct({ source: be32, destination: be32 });
 * const Both = struct({ addresses: u64 });
 * const Ipv4Frame = struct({ beforeAddresses: bytes(26), addresses: Addresses });
 *
 * export const drop_without_addresses = xdp((packet) => {
 *   const frame = packet.at(Ipv4Frame, 0);
 *   if (frame === null) return XDP_PASS;
 *   return view(frame.addresses, Both).addresses === 0 ? XDP_DROP : XDP_PASS;
 * });
 * ```
 */
export declare function view<L extends StructLayout>(record: object, layout: L, at?: u32): Value<L>;

/**
 * The value, about which the verifier knows nothing any more; `field` is any field of a packet or map record that it cannot
 * know. Masked again, a value that went through a loop looks the same whichever way it took, so that the verifier follows one
 * way instead of all. Costs two loads.
 *
 * @example
 * ```ts
 * import { bytes, struct, type u32, u8 } from "@weir/bytecode/layout";
 * import { opaque, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Ethernet = struct({ addresses: bytes(14) });
 * const Header = struct({ next: u8, length: u8 });
 *
 * export const drop_long_chains = xdp((packet) => {
 *   const ethernet = packet.at(Ethernet, 0);
 *   if (ethernet === null) return XDP_PASS;
 *   let offset: u32 = 54;
 *   for (let count: u32 = 0; count < 16; count += 1) {
 *     const header = packet.at(Header, offset);
 *     if (header === null || header.next === 59) return XDP_PASS;
 *     offset = opaque(offset + 8 + header.length * 8, header, "next") & 0xfff;
 *   }
 *   return XDP_DROP;
 * });
 * ```
 */
export declare function opaque<R extends object>(value: u32, record: R, field: keyof R): u32;
