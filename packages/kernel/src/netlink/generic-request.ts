import { ERRNO } from "../errors/errno.ts";
import { systemError } from "../errors/system-error.ts";
import { GENL_ID_CTRL, NETLINK_GENERIC } from "../uapi/macros.ts";
import { ctrl_attr, ctrl_command, genlmsghdr } from "../uapi/netlink.generated.ts";
import { StructureView } from "../uapi/structure-view.ts";
import { attributeNumber, decodeAttributes, type NetlinkAttribute, textAttribute } from "./attributes.ts";
import { type NetlinkAnswer, type NetlinkProtocol, tryNetlinkRequest } from "./netlink-request.ts";

const GENERIC_NETLINK: NetlinkProtocol = { number: NETLINK_GENERIC, name: "generic netlink" };

/** A question to a family of generic netlink. */
export interface GenericRequest {
  /** The kernel's name of the command, for messages: `NETDEV_CMD_DEV_GET`. */
  readonly name: string;
  readonly command: number;
  /** `NLM_F_*`, besides NLM_F_REQUEST. */
  readonly flags?: number;
  readonly attributes: readonly NetlinkAttribute[];
}

/** The attributes of each message of an answer, by number. */
export type GenericMessages = readonly ReadonlyMap<number, Uint8Array>[];

/**
 * Asks a family of generic netlink.
 *
 * @returns undefined when this kernel does not know the family
 * @throws {KernelError} with the kernel's own words, where it has some
 */
export function genericRequest(family: string, request: GenericRequest, subject: string): GenericMessages | undefined {
  const id = familyId(family);
  return id === undefined ? undefined : messagesOf(ask(id, request), request.name, subject);
}

/** The kernel numbers the families as it starts; modules that bring one keep its number while they are loaded. */
function familyId(family: string): number | undefined {
  const { CTRL_CMD_GETFAMILY: command } = ctrl_command;
  const attributes = [textAttribute(ctrl_attr.CTRL_ATTR_FAMILY_NAME, family)];
  const answer = ask(GENL_ID_CTRL, { name: "CTRL_CMD_GETFAMILY", command, attributes });
  if (answer.kind === "refused" && answer.errno === ERRNO.ENOENT) return undefined;
  const [found] = messagesOf(answer, "CTRL_CMD_GETFAMILY", `netlink family ${family}`);
  const id = found?.get(ctrl_attr.CTRL_ATTR_FAMILY_ID);
  return id && attributeNumber(id);
}

function ask(type: number, { name, command, flags = 0, attributes }: GenericRequest): NetlinkAnswer {
  const head = new Uint8Array(genlmsghdr.size);
  new StructureView(genlmsghdr, new DataView(head.buffer)).assign({ cmd: command, version: 1 });
  return tryNetlinkRequest(GENERIC_NETLINK, { name, type, flags, head, attributes });
}

function messagesOf(answer: NetlinkAnswer, command: string, subject: string): GenericMessages {
  if (answer.kind === "answered") {
    return answer.messages.map(({ payload }) => decodeAttributes(payload.subarray(genlmsghdr.size)));
  }
  const { errno, words } = answer;
  throw systemError(command, subject, errno, words === undefined ? {} : { words });
}
