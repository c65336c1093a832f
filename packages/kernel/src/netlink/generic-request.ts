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
 * Asks a family of generic netlink.
 *
 * @returns undefined when this kernel does not know the family, or refuses with an error that means so
 * @throws {KernelError} with the kernel's own words, where it has some
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
