import { systemError } from "../errors/system-error.ts";
import { NETLINK_ROUTE } from "../uapi/macros.ts";
import type { NetlinkMessage, NetlinkRequest } from "./message.ts";
import { type NetlinkAnswer, tryNetlinkRequest } from "./netlink-request.ts";
import type { NetlinkProtocol } from "./netlink-socket.ts";

export const RTNETLINK: NetlinkProtocol = { number: NETLINK_ROUTE, name: "rtnetlink" };

/** Asks rtnetlink, the kernel's interface to interfaces and routes, in this process's network namespace. */
export function tryRouteRequest(request: NetlinkRequest): NetlinkAnswer {
  return tryNetlinkRequest(RTNETLINK, request);
}

/**
 * Asks rtnetlink, in this process's network namespace.
 *
 * @param subject what is asked about, for messages: `all neighbours`
 * @example
 * ```ts
 * import { attributesBehind, attributeTable, bytes, decode, encode, hardwareAddress, NLM_F_DUMP, routeRequest } from "@weir/kernel/netlink";
 *
 * // linux/neighbour.h, linux/rtnetlink.h
 * const NEIGHBOUR = attributeTable({ NDA_DST: 1, NDA_LLADDR: 2 }, {
 *   address: ["NDA_DST", bytes],
 *   hardware: ["NDA_LLADDR", hardwareAddress],
 * });
 * const head = new Uint8Array(12); // struct ndmsg
 * const request = { name: "RTM_GETNEIGH", type: 30, flags: NLM_F_DUMP, head, attributes: encode(NEIGHBOUR, {}) };
 * for (const message of routeRequest(request, "all neighbours")) console.log(decode(NEIGHBOUR, attributesBehind(message, 12)));
 * ```
 * @throws {KernelError} with the kernel's own words, where it has some
 * @see https://man7.org/linux/man-pages/man7/rtnetlink.7.html
 */
export function routeRequest(request: NetlinkRequest, subject: string): readonly NetlinkMessage[] {
  const answer = tryRouteRequest(request);
  if (answer.kind === "answered") return answer.messages;
  const { errno, words } = answer;
  throw systemError(request.name, subject, errno, { words });
}
