/**
 * The condition, which mostly holds: the code for when it does comes next, without a jump, and has the registers. Worth it where one
 * side is rare; that a packet is too short, or a look-up in an array fails, the compiler takes to be rare itself.
 *
 * @example
 * ```ts
 * import { bytes, struct, u8 } from "@weir/bytecode/layout";
 * import { likely, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Header = struct({ ethernet: bytes(14), versionAndLength: u8 });
 *
 * export const drop_options = xdp((packet) => {
 *   const header = packet.at(Header, 0);
 *   if (header === null || likely(header.versionAndLength === 0x45)) return XDP_PASS;
 *   return XDP_DROP;
 * });
 * ```
 */
export declare function likely(condition: boolean): boolean;

/** The condition, which hardly ever holds; used as `likely` is. */
export declare function unlikely(condition: boolean): boolean;
