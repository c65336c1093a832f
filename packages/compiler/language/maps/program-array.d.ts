import type { u32 } from "@weir/bytecode/layout";
import type { KernelProgram } from "../programs.js";
import type { SkBuff } from "../sk-buff.js";
import type { SocketOperation } from "../socket-operation.js";
import type { XdpPacket } from "../xdp-packet.js";

/** `BPF_MAP_TYPE_PROG_ARRAY` (Linux 4.2). */
export interface ProgramArray {
  /**
   * Goes on as the program at `index`, which must be of the same type, with the packet as it is now: nothing that stands behind is reached (`bpf_tail_call`). Where there is
   * no such program, or 33 have been gone through, it does nothing. Costs some 2 ns. Not in a `subprogram`.
   *
   * @param context what the program was given
   */
  call(context: XdpPacket | SkBuff | SocketOperation, index: u32): void;
}

/**
 * Programs by number, to go on as (`BPF_MAP_TYPE_PROG_ARRAY`, Linux 4.2): each is verified for itself, so that together they may be
 * larger than one. Filled when the object is loaded with those that are named, or by user space.
 *
 * @param options `programs`: those at the indices 0, 1, …; they are part of the object. `maxEntries`: how many there is room for, at
 * least as many as are named.
 * @example
 * ```ts
 * import { be16, bytes, struct } from "@weir/bytecode/layout";
 * import { ntohs, programArray, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Ethernet = struct({ addresses: bytes(12), etherType: be16 });
 *
 * export const drop_arp = xdp((packet) => {
 *   const ethernet = packet.at(Ethernet, 0);
 *   return ethernet !== null && ntohs(ethernet.etherType) === 0x0806 ? XDP_DROP : XDP_PASS;
 * });
 *
 * const STAGES = programArray({ programs: [drop_arp] });
 *
 * export const drop_short = xdp((packet) => {
 *   if (packet.length < 60) return XDP_DROP;
 *   STAGES.call(packet, 0);
 *   return XDP_PASS;
 * });
 * ```
 */
export declare function programArray(
  options:
    | { readonly maxEntries: number }
    | { readonly programs: readonly KernelProgram[]; readonly maxEntries?: number },
): ProgramArray;
