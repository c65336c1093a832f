import { NLM_F_ACK_TLVS, NLM_F_CAPPED } from "../uapi/macros.ts";
import { nlmsgerr, nlmsgerr_attrs } from "../uapi/netlink.generated.ts";
import { StructureView } from "../uapi/structure-view.ts";
import { align, attributeText, decodeAttributes } from "./attributes.ts";
import type { NetlinkMessage } from "./message.ts";

/** What an acknowledgement says: 0 for yes, or an error number and the kernel's words. */
export interface Acknowledgement {
  readonly errno: number;
  readonly words: string | undefined;
}

/** Reads `struct nlmsgerr` and the attributes behind it. */
export function decodeAcknowledgement({ flags, payload }: NetlinkMessage): Acknowledgement {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const head = new StructureView(nlmsgerr, view);
  const errno = Math.abs(view.getInt32(nlmsgerr.fields.error[0], true));
  if ((flags & NLM_F_ACK_TLVS) === 0) return { errno, words: undefined };
  // Between the structure and the attributes lies the rest of the request, unless the kernel was asked to leave it out.
  const errorSize = nlmsgerr.fields.error[1];
  const requestLength = align(head.number("msg.nlmsg_len"));
  const start = (flags & NLM_F_CAPPED) === 0 ? errorSize + requestLength : nlmsgerr.size;
  const text = decodeAttributes(payload.subarray(start)).get(nlmsgerr_attrs.NLMSGERR_ATTR_MSG);
  return { errno, words: text && attributeText(text) };
}
