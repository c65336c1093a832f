import { NETLINK_GENERIC } from "../uapi/macros.ts";
import { genlmsghdr } from "../uapi/netlink.generated.ts";
import { StructureView } from "../uapi/structure-view.ts";
import { type AttributeTable, type AttributeValues, decode, type EncodedAttributes } from "./attribute-table.ts";
import { type NetlinkMessage, splitMessage } from "./message.ts";
import { type NetlinkAnswer, tryNetlinkRequest } from "./netlink-request.ts";
import type { NetlinkProtocol } from "./netlink-socket.ts";

export const GENERIC_NETLINK: NetlinkProtocol = { number: NETLINK_GENERIC, name: "generic netlink" };

/** A question to a family of generic netlink. */
export interface GenericRequest {
  /** The kernel's name of the command, `NETDEV_CMD_DEV_GET`, and its number. */
  readonly command: { readonly name: string; readonly number: number };
  /** `NLM_F_*`, besides NLM_F_REQUEST: NLM_F_DUMP asks for all that there are. */
  readonly flags?: number;
  readonly attributes: EncodedAttributes;
}

/** Asks the family with this number. */
export function tryGenericRequest(family: number, { command, flags = 0, attributes }: GenericRequest): NetlinkAnswer {
  const head = new Uint8Array(genlmsghdr.size);
  new StructureView(genlmsghdr, new DataView(head.buffer)).assign({ cmd: command.number, version: 1 });
  return tryNetlinkRequest(GENERIC_NETLINK, { name: command.name, type: family, flags, head, attributes });
}

/**
 * What messages of a family say: an answer's, or those that a `NetlinkSocket` was told.
 *
 * @param name of the command, for errors
 * @throws {KernelError} when a message is shorter than its header
 */
export function genericMessages<Table extends AttributeTable>(
  messages: readonly NetlinkMessage[],
  table: Table,
  name: string,
): AttributeValues<Table>[] {
  return messages.map((message) => decode(table, splitMessage(message, genlmsghdr, name).attributes));
}
