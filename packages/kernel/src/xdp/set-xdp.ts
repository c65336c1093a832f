import { encode } from "../netlink/attribute-table.ts";
import { LINK } from "../netlink/link-attributes.ts";
import type { NetlinkAnswer } from "../netlink/netlink-request.ts";
import { linkHead } from "../netlink/network-interface.ts";
import { tryRouteRequest } from "../netlink/route-request.ts";
import { NLM_F_ACK } from "../uapi/macros.ts";
import { rtnetlink_message } from "../uapi/netlink.generated.ts";

/** A descriptor number that tells the kernel to take the program off. */
export const NO_PROGRAM = -1;

/**
 * Puts a program on an interface by rtnetlink, or takes it off.
 *
 * @param flags `XDP_FLAGS_*`
 * @param expectedDescriptor of the program that must be there, with `XDP_FLAGS_REPLACE`
 */
export function setXdp(index: number, descriptor: number, flags: number, expectedDescriptor?: number): NetlinkAnswer {
  return tryRouteRequest({
    name: "RTM_SETLINK",
    type: rtnetlink_message.RTM_SETLINK,
    flags: NLM_F_ACK,
    head: linkHead(index),
    attributes: encode(LINK, { xdp: { descriptor, flags, expectedDescriptor } }),
  });
}
