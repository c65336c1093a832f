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

/** Asks rtnetlink. @throws {KernelError} with the kernel's own words, where it has some */
export function routeRequest(request: NetlinkRequest, subject: string): readonly NetlinkMessage[] {
  const answer = tryRouteRequest(request);
  if (answer.kind === "answered") return answer.messages;
  const { errno, words } = answer;
  throw systemError(request.name, subject, errno, { words });
}
