import { systemError } from "../errors/system-error.ts";
import type { AttributeTable, AttributeValues } from "./attribute-table.ts";
import { genericFamily } from "./generic-family.ts";
import { type GenericRequest, genericMessages, tryGenericRequest } from "./generic-message.ts";

/** A question to a family, and how its answer is read. */
export interface GenericQuestion<Table extends AttributeTable> extends GenericRequest {
  readonly answer: Table;
  /** What is asked about, for messages: `interface with index 3`. */
  readonly subject: string;
  /** Error numbers that mean: there is no answer. */
  readonly unknownWhen?: readonly number[];
}

/**
 * Asks a family of generic netlink, in this process's network namespace.
 *
 * @example
 * ```ts
 * import { attributeTable, encode, genericRequest, NLM_F_DUMP, text, u16 } from "@weir/kernel/netlink";
 *
 * // The kernel's enumeration, from linux/genetlink.h.
 * const NUMBERS = { CTRL_ATTR_FAMILY_ID: 1, CTRL_ATTR_FAMILY_NAME: 2 };
 * const FAMILY = attributeTable(NUMBERS, { id: ["CTRL_ATTR_FAMILY_ID", u16], name: ["CTRL_ATTR_FAMILY_NAME", text] });
 * const families = genericRequest("nlctrl", {
 *   command: { name: "CTRL_CMD_GETFAMILY", number: 3 },
 *   flags: NLM_F_DUMP,
 *   attributes: encode(FAMILY, {}),
 *   answer: FAMILY,
 *   subject: "all families",
 * });
 * for (const { id, name } of families ?? []) console.log(id, name); // 16 "nlctrl"
 * ```
 * @returns undefined when this kernel does not know the family, or refuses with an error that means so
 * @throws {KernelError} with the kernel's own words, where it has some
 * @see https://docs.kernel.org/userspace-api/netlink/intro.html#generic-netlink
 */
export function genericRequest<Table extends AttributeTable>(
  family: string,
  question: GenericQuestion<Table>,
): AttributeValues<Table>[] | undefined {
  const found = genericFamily(family);
  if (found === undefined) return undefined;
  const answer = tryGenericRequest(found.id, question);
  if (answer.kind === "answered") return genericMessages(answer.messages, question.answer, question.command.name);
  const { errno, words } = answer;
  if (question.unknownWhen?.includes(errno)) return undefined;
  throw systemError(question.command.name, question.subject, errno, { words });
}
