import type { XdpAction } from "./verdict.d.ts";
import type { XdpPacket } from "./xdp-packet.d.ts";

export interface XdpProgram {
  readonly __program: "xdp";
}

/**
 * An XDP program (`BPF_PROG_TYPE_XDP`, Linux 4.8). The name of the constant it is assigned to is the name of the program.
 *
 * @param options `frags`: packets may come in several buffers, as jumbo frames do (Linux 5.18).
 * @example
 * ```ts
 * import { XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const pass_all = xdp(() => XDP_PASS, { frags: true });
 * ```
 */
export declare function xdp(body: (packet: XdpPacket) => XdpAction, options?: { readonly frags?: boolean }): XdpProgram;

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
