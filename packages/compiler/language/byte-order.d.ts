import type { be16, be32, be64, u16, u32, u64 } from "@weir/bytecode/layout";

/**
 * A 16-bit number of a packet, as the machine has it. Compared with a constant it costs nothing.
 *
 * @example
 * ```ts
 * import { be16, bytes, struct } from "@weir/bytecode/layout";
 * import { ntohs, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Ethernet = struct({ addresses: bytes(12), etherType: be16 });
 *
 * export const drop_arp = xdp((packet) => {
 *   const ethernet = packet.at(Ethernet, 0);
 *   return ethernet !== null && ntohs(ethernet.etherType) === 0x0806 ? XDP_DROP : XDP_PASS;
 * });
 * ```
 */
export declare function ntohs(value: be16): u16;
/** A 32-bit number of a packet, as the machine has it; used as `ntohs` is. */
export declare function ntohl(value: be32): u32;
/** A 64-bit number of a packet, as the machine has it; used as `ntohs` is. */
export declare function ntohll(value: be64): u64;

/**
 * A 16-bit number as packets have it.
 *
 * @example
 * ```ts
 * import { be16, bytes, struct } from "@weir/bytecode/layout";
 * import { htons, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Tagged = struct({ addresses: bytes(12), tag: be16, control: be16 });
 *
 * export const move_to_vlan_7 = xdp((packet) => {
 *   const tagged = packet.at(Tagged, 0);
 *   if (tagged !== null && tagged.tag === htons(0x8100)) tagged.control = htons(7);
 *   return XDP_PASS;
 * });
 * ```
 */
export declare function htons(value: u16): be16;
/** A 32-bit number as packets have it; used as `htons` is. */
export declare function htonl(value: u32): be32;
/** A 64-bit number as packets have it; used as `htons` is. */
export declare function htonll(value: u64): be64;
