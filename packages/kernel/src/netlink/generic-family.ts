import { ERRNO } from "../errors/errno.ts";
import { systemError } from "../errors/system-error.ts";
import { GENL_ID_CTRL } from "../uapi/macros.ts";
import { ctrl_attr, ctrl_attr_mcast_grp, ctrl_command } from "../uapi/netlink.generated.ts";
import { list, text, u16, u32 } from "./attribute-kinds.ts";
import { attributeTable, encode, nested } from "./attribute-table.ts";
import { genericMessages, tryGenericRequest } from "./generic-message.ts";

/** A family of generic netlink, as this kernel has numbered it. */
export interface GenericFamily {
  readonly id: number;
  /** The numbers of its multicast groups, by name. */
  readonly groups: ReadonlyMap<string, number>;
}

const GROUP = attributeTable(ctrl_attr_mcast_grp, {
  name: ["CTRL_ATTR_MCAST_GRP_NAME", text],
  id: ["CTRL_ATTR_MCAST_GRP_ID", u32],
});

const FAMILY = attributeTable(ctrl_attr, {
  id: ["CTRL_ATTR_FAMILY_ID", u16],
  name: ["CTRL_ATTR_FAMILY_NAME", text],
  groups: ["CTRL_ATTR_MCAST_GROUPS", list(nested(GROUP))],
});

/**
 * The family with this name. The kernel numbers families as it starts, or as a module that brings one is loaded.
 *
 * @example
 * ```
 * genericFamily("ethtool")?.groups.get("monitor"); // 5
 * ```
 * @returns undefined when this kernel does not know the family
 * @throws {KernelError} when the kernel refuses for another reason
 * @see https://docs.kernel.org/networking/generic_netlink.html
 */
export function genericFamily(name: string): GenericFamily | undefined {
  const command = { name: "CTRL_CMD_GETFAMILY", number: ctrl_command.CTRL_CMD_GETFAMILY };
  const answer = tryGenericRequest(GENL_ID_CTRL, { command, attributes: encode(FAMILY, { name }) });
  if (answer.kind === "refused") {
    const { errno, words } = answer;
    if (errno === ERRNO.ENOENT) return undefined;
    throw systemError(command.name, `netlink family ${name}`, errno, { words });
  }
  const [family] = genericMessages(answer.messages, FAMILY, command.name);
  if (family?.id === undefined) return undefined;
  const groups = family.groups?.flatMap(({ name, id }): [string, number][] =>
    name === undefined || id === undefined ? [] : [[name, id]],
  );
  return { id: family.id, groups: new Map(groups) };
}
