import { ERRNO } from "../../errors/errno.ts";
import { ethtool_header, ethtool_message } from "../../uapi/ethtool.generated.ts";
import { u32 } from "../attribute-kinds.ts";
import {
  type AttributeTable,
  type AttributeValues,
  attributeTable,
  type EncodedAttributes,
} from "../attribute-table.ts";
import { genericRequest } from "../generic-request.ts";

/** What every message of the family begins with: which interface it is about. */
export const HEADER = attributeTable(ethtool_header, { index: ["ETHTOOL_A_HEADER_DEV_INDEX", u32] });

/**
 * Asks the driver of an interface over the generic netlink family `ethtool` (Linux 5.6).
 *
 * @returns undefined when the driver does not answer this question (EOPNOTSUPP), or the kernel was built without the
 * family: not known
 * @throws {KernelError} when there is no such interface
 * @see https://docs.kernel.org/networking/ethtool-netlink.html
 */
export function ethtoolRequest<Table extends AttributeTable>(
  name: keyof typeof ethtool_message,
  index: number,
  attributes: EncodedAttributes & { readonly table: Table },
): AttributeValues<Table> | undefined {
  const answers = genericRequest("ethtool", {
    command: { name, number: ethtool_message[name] },
    attributes,
    answer: attributes.table,
    subject: `interface with index ${index}`,
    unknownWhen: [ERRNO.EOPNOTSUPP],
  });
  return answers?.[0];
}
