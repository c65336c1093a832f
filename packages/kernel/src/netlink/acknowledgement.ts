import { NLM_F_ACK_TLVS, NLM_F_CAPPED, NLMSG_DONE } from "../uapi/macros.ts";
import { nlmsgerr, nlmsgerr_attrs } from "../uapi/netlink.generated.ts";
import { StructureView } from "../uapi/structure-view.ts";
import { text, u32 } from "./attribute-kinds.ts";
import { type AttributeValues, attributeAt, attributeTable, decode, nameOf } from "./attribute-table.ts";
import { align } from "./attributes.ts";
import { attributesOffset, type NetlinkMessage, type NetlinkRequest } from "./message.ts";

/** What an acknowledgement says: 0 for yes, or an error number and the kernel's words. */
export interface Acknowledgement {
  readonly errno: number;
  /** The kernel's sentence, and the name of the attribute that it objects to or misses, as far as it says so. */
  readonly words: string | undefined;
}

const EXTENDED = attributeTable(nlmsgerr_attrs, {
  message: ["NLMSGERR_ATTR_MSG", text],
  /** Of the attribute that is wrong, from the start of the request. */
  offset: ["NLMSGERR_ATTR_OFFS", u32],
  /** Number of the attribute that is missing (Linux 6.1). */
  missing: ["NLMSGERR_ATTR_MISS_TYPE", u32],
  /** Of the attribute that it is missing in; not there for the message itself. */
  missingIn: ["NLMSGERR_ATTR_MISS_NEST", u32],
});

/**
 * Reads an acknowledgement, or the end of a dump, which can tell of an error too.
 *
 * @see https://docs.kernel.org/userspace-api/netlink/intro.html#ext-ack
 */
export function decodeAcknowledgement(message: NetlinkMessage, request: NetlinkRequest): Acknowledgement {
  const { flags, payload } = message;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const [errorOffset, errorSize] = nlmsgerr.fields.error;
  // Before Linux 2.6 the end of a dump had no number; a damaged message has none either.
  if (payload.length < errorOffset + errorSize) return { errno: 0, words: undefined };
  const errno = Math.abs(view.getInt32(errorOffset, true));
  if ((flags & NLM_F_ACK_TLVS) === 0) return { errno, words: undefined };
  const extended = decode(EXTENDED, payload.subarray(extendedOffset(message, view)));
  return { errno, words: inWords(extended, request) };
}

/** Behind the error lies the header of the request and, unless the kernel was asked to leave it out, the rest of it. */
function extendedOffset({ type, flags, payload }: NetlinkMessage, view: DataView): number {
  const errorSize = nlmsgerr.fields.error[1];
  if (type === NLMSG_DONE) return errorSize;
  if ((flags & NLM_F_CAPPED) !== 0 || payload.length < nlmsgerr.size) return nlmsgerr.size;
  return errorSize + align(new StructureView(nlmsgerr, view).number("msg.nlmsg_len"));
}

function inWords(
  { message, offset, missing, missingIn }: AttributeValues<typeof EXTENDED>,
  { attributes, head }: NetlinkRequest,
): string | undefined {
  const start = attributesOffset(head.length);
  const wrong = offset === undefined ? undefined : attributeAt(attributes, offset - start);
  const around = missingIn === undefined ? undefined : attributeAt(attributes, missingIn - start);
  const table = missingIn === undefined ? attributes.table : (around?.inside ?? {});
  const parts = [
    message,
    wrong && `(at ${wrong.names.join(" > ")})`,
    missing === undefined ? undefined : `(missing: ${[...(around?.names ?? []), nameOf(table, missing)].join(" > ")})`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(" ");
}
